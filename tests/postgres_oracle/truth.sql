with relation as (
  select c.oid, s.nspname || '.' || c.relname as name, c.relkind, c.relispartition
  from pg_class c join pg_namespace s on s.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm') and c.relpersistence <> 't'
    and s.nspname !~ '^pg_' and s.nspname <> 'information_schema'
), names as (
  select k.oid, array(select a.attname from unnest(k.conkey) with ordinality u(n, o)
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by o) as own,
    array(select a.attname from unnest(k.confkey) with ordinality u(n, o)
    join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by o) as other
  from pg_constraint k
)
select line from (
select 'table ' || name || ' ' || case relkind when 'v' then 'view' when 'm' then 'matview' else 'table' end as line
from relation
union all
select 'column ' || r.name || ' '
  || (select count(*) from pg_attribute b where b.attrelid = r.oid and b.attnum > 0 and not b.attisdropped and b.attnum < a.attnum)
  || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
  || case when a.attnotnull and r.relkind not in ('v', 'm') then ' not null' else '' end
  || case coalesce(nullif(a.attidentity, ''), whole.attidentity, '') when 'a' then ' always' when 'd' then ' by default' else case when pg_get_expr(d.adbin, d.adrelid) like 'nextval(%'
       then ' by default' when a.attgenerated <> '' then ' computed'
       -- A null of a type with a length is kept as a default.
       when pg_get_expr(d.adbin, d.adrelid) like 'NULL::%' then '' when d.oid is not null then ' default' else '' end end
from relation r join pg_attribute a on a.attrelid = r.oid
  -- Before PostgreSQL 17 a partition has an identity only through its parent.
  left join pg_attribute whole on whole.attrelid = (select pg_partition_root(r.oid) where r.relispartition) and whole.attname = a.attname
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attnum > 0 and not a.attisdropped
union all
select 'key ' || r.name || ' ' || k.conname || ' '
  || case contype when 'p' then 'primary' when 'u' then 'unique' when 'f' then 'foreign' when 'c' then 'check' else 'exclude' end
  || ' (' || array_to_string(case contype when 'c' then (select array_agg(x order by x collate "C") from unnest(n.own) x) else n.own end, ', ') || ')'
  || case when contype = 'f' then ' to ' || f.name || ' (' || array_to_string(n.other, ', ') || ') '
       || k.confdeltype::text || k.confupdtype::text else '' end
from relation r join pg_constraint k on k.conrelid = r.oid join names n on n.oid = k.oid
  left join relation f on f.oid = k.confrelid
-- For each partition that a foreign key points to the server keeps another one.
where contype in ('p', 'u', 'f', 'c', 'x')
  and not exists (select 1 from pg_constraint above where above.oid = k.conparentid and above.conrelid = k.conrelid)
union all
select 'key ' || r.name || ' ' || i.relname || ' ' || case when indisunique then 'unique index' else 'index' end
  || ' (' || coalesce((select string_agg(a.attname, ', ' order by o) from unnest(x.indkey::int2[]) with ordinality u(n, o)
    join pg_attribute a on a.attrelid = x.indrelid and a.attnum = u.n where o <= x.indnkeyatts), '') || ')'
from relation r join pg_index x on x.indrelid = r.oid join pg_class i on i.oid = x.indexrelid
where not exists (select 1 from pg_constraint where conindid = indexrelid and contype in ('p', 'u', 'x'))
union all
select 'enum ' || s.nspname || '.' || t.typname || ' (' || array_to_string(array(
  select enumlabel from pg_enum e where e.enumtypid = t.oid order by enumsortorder), ', ') || ')'
from pg_type t join pg_namespace s on s.oid = t.typnamespace where t.typtype = 'e'
union all
select 'inherits ' || c.name || ' ' || p.name
from pg_inherits i join relation c on c.oid = inhrelid join relation p on p.oid = inhparent
where inhseqno = (select min(inhseqno) from pg_inherits o where o.inhrelid = i.inhrelid)
) lines where line is not null
