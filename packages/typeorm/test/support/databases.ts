import { hasMariadb, startMariadb, startPostgres } from 'test-support'
import { DataSource, type DataSourceOptions } from 'typeorm'

/** A database that the tests run against. */
export interface Database extends AsyncDisposable {
  readonly name: string
  /** Connections see only what others have committed. */
  readonly isServer: boolean
  open(options: Partial<DataSourceOptions>): Promise<DataSource>
  /** Removes all rows, and counts keys from 1 again. */
  empty(dataSource: DataSource): Promise<void>
}

const tablesOf = ({ entityMetadatas }: DataSource): string[] =>
  [...new Set(entityMetadatas.filter(({ tableType }) => tableType !== 'view').map(({ tablePath }) => tablePath))]

async function openWith(base: DataSourceOptions, options: Partial<DataSourceOptions>): Promise<DataSource> {
  return new DataSource({ ...base, synchronize: true, dropSchema: true, ...options } as DataSourceOptions).initialize()
}

async function sqlite(): Promise<Database> {
  return {
    name: 'SQLite',
    isServer: false,
    open: (options) => openWith({ type: 'sqljs' }, options),
    async empty(dataSource) {
      for (const table of tablesOf(dataSource)) await dataSource.query(`DELETE FROM "${table}"`)
      await dataSource.query('DELETE FROM sqlite_sequence')
    },
    [Symbol.asyncDispose]: async () => {},
  }
}

async function postgres(): Promise<Database> {
  const server = await startPostgres()
  return {
    name: 'PostgreSQL',
    isServer: true,
    open: (options) => openWith({ type: 'postgres', url: server.url }, options),
    async empty(dataSource) {
      const tables = tablesOf(dataSource).map((table) => `"${table}"`)
      await dataSource.query(`TRUNCATE ${tables.join(', ')} RESTART IDENTITY CASCADE`)
    },
    [Symbol.asyncDispose]: () => server.stop(),
  }
}

async function mariadb(): Promise<Database> {
  const server = await startMariadb()
  return {
    name: 'MariaDB',
    isServer: true,
    open: (options) => openWith({ type: 'mariadb', url: server.url }, options),
    async empty(dataSource) {
      await using queryRunner = dataSource.createQueryRunner()
      await queryRunner.query('SET FOREIGN_KEY_CHECKS = 0')
      for (const table of tablesOf(dataSource)) await queryRunner.query(`TRUNCATE TABLE \`${table}\``)
      await queryRunner.query('SET FOREIGN_KEY_CHECKS = 1')
    },
    [Symbol.asyncDispose]: () => server.stop(),
  }
}

/** Each is started by the tests that use it. */
export const databases: readonly { readonly name: string; readonly start: () => Promise<Database> }[] = [
  { name: 'SQLite', start: sqlite },
  { name: 'PostgreSQL', start: postgres },
  // Where the system has it.
  ...(hasMariadb() ? [{ name: 'MariaDB', start: mariadb }] : []),
]
