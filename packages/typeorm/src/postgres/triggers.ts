import type { QueryRunner } from 'typeorm'
import { schemaOf } from '../schema/schemas.ts'
import type { Table } from '../schema/table.ts'
import { INTERNAL, literal } from '../sql/internal.ts'

/** Where triggers tell of changes, unless another name is given. */
export const TRIGGER_CHANNEL = 'stratacache_changes'

/** Increased with each change of the function. */
const VERSION = 'stratacache 1'
const FUNCTION = 'stratacache_notify'

/**
 * Arguments of the trigger: the channel, the table as its tag names it, and the columns of its key. One notification a
 * statement: of its rows, or of the table where they are many, or too long for a notification (8000 bytes).
 */
const CREATE_FUNCTION = `
CREATE OR REPLACE FUNCTION ${FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
  touched text := CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT * FROM new_rows'
    WHEN 'DELETE' THEN 'SELECT * FROM old_rows'
    ELSE 'SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows' END;
  columns text;
  total int;
  keys text;
  payload text := json_build_object('table', TG_ARGV[1])::text;
BEGIN
  IF TG_OP <> 'TRUNCATE' THEN
    EXECUTE format('SELECT count(*) FROM (SELECT 1 FROM (%s) AS rows LIMIT 201) AS counted', touched) INTO total;
    IF total = 0 THEN RETURN NULL; END IF;
    IF TG_NARGS > 2 AND total <= 200 THEN
      SELECT string_agg(format('rows.%I::text', TG_ARGV[i]), ', ' ORDER BY i) INTO columns FROM generate_series(2, TG_NARGS - 1) AS i;
      EXECUTE format('SELECT json_agg(key)::text FROM (SELECT DISTINCT ARRAY[%s] AS key FROM (%s) AS rows) AS keys', columns, touched) INTO keys;
      IF octet_length(keys) + octet_length(payload) < 7800 THEN
        payload := json_build_object('table', TG_ARGV[1], 'keys', keys::json)::text;
      END IF;
    END IF;
  END IF;
  PERFORM pg_notify(TG_ARGV[0], payload);
  RETURN NULL;
END
$function$;
COMMENT ON FUNCTION ${FUNCTION}() IS '${VERSION}'`

const EVENTS = {
  insert: 'AFTER INSERT ON %t REFERENCING NEW TABLE AS new_rows',
  update: 'AFTER UPDATE ON %t REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows',
  delete: 'AFTER DELETE ON %t REFERENCING OLD TABLE AS old_rows',
  truncate: 'AFTER TRUNCATE ON %t',
} as const

/**
 * Creates the triggers that `triggers` listens to, on the tables of all entities, where they are missing. For the `up` of a
 * migration; with `triggers` it is done at the start.
 *
 * @param channel as in `triggers.channel`
 */
export async function createTriggers(queryRunner: QueryRunner, channel: string = TRIGGER_CHANNEL): Promise<void> {
  const tables = await tablesWithout(queryRunner, channel)
  if (tables.length === 0) return
  const statements = [CREATE_FUNCTION, ...tables.flatMap((table) => triggersOf(table, channel))]
  // All or nothing, as statements of one text are, and one at a time, whoever starts.
  await queryRunner.query(`${INTERNAL}SELECT pg_advisory_xact_lock(7241001); ${statements.join(';\n')}`)
}

/** Drops what `createTriggers` has created. For the `down` of a migration. */
export async function dropTriggers(queryRunner: QueryRunner): Promise<void> {
  await queryRunner.query(`${INTERNAL}DROP FUNCTION IF EXISTS ${FUNCTION}() CASCADE`)
}

const quoted = (path: string): string => path.split('.').map((name) => `"${name.replaceAll('"', '""')}"`).join('.')

function triggersOf({ path, key }: Table, channel: string): string[] {
  const args = [channel, path, ...key.map(({ name }) => name)].map(literal).join(', ')
  return Object.entries(EVENTS).flatMap(([event, clause]) => [
    `DROP TRIGGER IF EXISTS stratacache_${event} ON ${quoted(path)}`,
    `CREATE TRIGGER stratacache_${event} ${clause.replace('%t', quoted(path))} FOR EACH STATEMENT EXECUTE FUNCTION ${FUNCTION}(${args})`,
  ])
}

/** Creating a trigger locks its table: it is left alone where it has what it needs. */
async function tablesWithout(queryRunner: QueryRunner, channel: string): Promise<Table[]> {
  const known = (await queryRunner.query(`${INTERNAL}
    SELECT t.tgrelid::regclass::text AS relation, string_agg(encode(t.tgargs, 'escape'), ' ') AS args
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE p.proname = '${FUNCTION}' AND obj_description(p.oid, 'pg_proc') = '${VERSION}'
    GROUP BY t.tgrelid HAVING count(*) = ${Object.keys(EVENTS).length}`)) as { relation: string; args: string }[]
  const found = new Map(known.map(({ relation, args }) => [relation.replaceAll('"', ''), args]))
  const isReady = ({ path }: Table): boolean => found.get(path)?.includes(`${channel}\\000${path}\\000`) ?? false
  return [...schemaOf(queryRunner.dataSource).tables].filter((table) => table.isStored && !isReady(table))
}
