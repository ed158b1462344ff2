-- The six questions asked of the catalog. Each row that comes back is a hole: (question, object, remedy).
-- Tables of the host and of plugins live outside the system schemas; the queue and the version tables
-- of the migrations are platform tables by nature.
WITH ours AS (
    SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relname, n.nspname, c.relkind,
           c.relrowsecurity, c.relforcerowsecurity, c.relowner, c.reloptions,
           (n.nspname = 'jobs' OR c.relname = 'alembic_version'
            OR n.nspname || '.' || c.relname IN ('core.tenant', 'core.host_name', 'core.revision')) AS platform
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'public') AND n.nspname NOT LIKE 'pg\_%'
), tables AS (
    SELECT * FROM ours WHERE relkind IN ('r', 'p')
), tenant_tables AS (
    SELECT t.*, a.attnum AS tenant_column
    FROM tables t LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
    WHERE NOT t.platform
)
-- 1 every tenant table has Row Level Security enabled and forced, with the one policy on both sides
SELECT 'rls' AS question, t.name AS object, 'call enable_rls() in its migration' AS remedy
FROM tenant_tables t
WHERE NOT (t.relrowsecurity AND t.relforcerowsecurity)
   OR (SELECT count(*) FROM pg_policy p WHERE p.polrelid = t.oid) <> 1
   OR EXISTS (
        SELECT 1 FROM pg_policy p WHERE p.polrelid = t.oid AND NOT (
            p.polpermissive AND p.polcmd = '*' AND p.polroles = '{0}'
            AND pg_get_expr(p.polqual, p.polrelid)
                = '(tenant_id = (NULLIF(current_setting(''app.tenant_id''::text, true), ''''::text))::bigint)'
            AND pg_get_expr(p.polwithcheck, p.polrelid) = pg_get_expr(p.polqual, p.polrelid)))
UNION ALL
-- 2 every primary key, unique key and foreign key is led by tenant_id
SELECT 'keys', t.name || ' ' || k.conname, 'put tenant_id first'
FROM tenant_tables t JOIN pg_constraint k ON k.conrelid = t.oid
WHERE k.contype IN ('p', 'u', 'f') AND k.conkey[1] IS DISTINCT FROM t.tenant_column
UNION ALL
SELECT 'keys', t.name || ' ' || i.indexrelid::regclass, 'put tenant_id first in the unique index'
FROM tenant_tables t JOIN pg_index i ON i.indrelid = t.oid
WHERE i.indisunique AND i.indkey[0] IS DISTINCT FROM t.tenant_column
UNION ALL
-- 3 no type without leakproof operators leads an index condition: under RLS it would scan the tenant
SELECT 'index types', t.name || ' ' || i.indexrelid::regclass, 'use text with a CHECK, or a definer function'
FROM tenant_tables t
JOIN pg_index i ON i.indrelid = t.oid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[CASE WHEN i.indkey[0] = t.tenant_column THEN 1 ELSE 0 END]
JOIN pg_type y ON y.oid = a.atttypid
JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
WHERE m.amname = 'btree' AND (y.typtype = 'e' OR y.typname IN ('tsvector', 'numeric', 'jsonb'))
UNION ALL
-- 4 views look with the eyes of who asks
SELECT 'views', v.name, 'add WITH (security_invoker = true)'
FROM ours v
WHERE v.relkind = 'v' AND NOT coalesce(v.reloptions::text ~ 'security_invoker=(true|on|1)', false)
UNION ALL
SELECT 'views', v.name, 'a materialized view has no policies: use a table'
FROM ours v WHERE v.relkind = 'm'
UNION ALL
-- 5 the app's role is weak: no superuser, no bypass, owns nothing, cannot empty or change a table's shape
SELECT 'weak role', r.rolname, 'it bypasses Row Level Security or may create roles or databases'
FROM pg_roles r
WHERE r.rolname = 'superapp_app' AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb)
UNION ALL
SELECT 'weak role', t.name, 'superapp_app owns it or may truncate or reference it'
FROM tables t
WHERE t.relowner = 'superapp_app'::regrole
   OR has_table_privilege('superapp_app', t.oid, 'TRUNCATE, REFERENCES, TRIGGER')
   OR (t.name IN ('core.tenant', 'core.host_name')
       AND has_table_privilege('superapp_app', t.oid, 'INSERT, UPDATE, DELETE'))
UNION ALL
SELECT 'weak role', g.rolname, 'superapp_app must not be a member of another role'
FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
WHERE m.member = 'superapp_app'::regrole
UNION ALL
-- 6 every table is one of the two kinds; the platform kind is a closed list
SELECT 'two kinds', t.name, 'give it tenant_id bigint NOT NULL; platform tables are the host''s alone'
FROM tenant_tables t
LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = t.tenant_column
WHERE t.tenant_column IS NULL OR NOT a.attnotnull OR a.atttypid <> 'bigint'::regtype
UNION ALL
SELECT 'two kinds', t.name || ' ' || g.tgname, 'no triggers on tenant tables'
FROM tenant_tables t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE NOT g.tgisinternal
UNION ALL
-- and the few functions that look past the policies are owned, fenced and set their search path
SELECT 'definer', p.oid::regprocedure::text, 'own it by superapp_search, set search_path, revoke from PUBLIC'
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND (p.proowner <> 'superapp_search'::regrole
       OR NOT coalesce(p.proconfig::text LIKE '%search_path=%', false)
       OR has_function_privilege('public', p.oid, 'EXECUTE')
       OR pg_get_functiondef(p.oid) NOT LIKE '%app.tenant_id%')
ORDER BY 1, 2;
