import { typeormCache } from '@stratacache/typeorm'
import { DataSource, type DataSourceOptions, EntitySchema } from 'typeorm'

/**
 * What the examples of TypeORM take for granted: two entities, and the options of a data source. It is apart because TypeORM
 * takes its time to load.
 */
class Team {
  id!: number
  name!: string
}

class User {
  id!: number
  name!: string
  score!: number
  team?: Team | null
}

const id = { type: Number, primary: true, generated: true } as const

const options: DataSourceOptions = {
  type: 'sqljs',
  synchronize: true,
  entities: [
    new EntitySchema<Team>({ name: 'Team', target: Team, columns: { id, name: { type: String } } }),
    new EntitySchema<User>({
      name: 'User',
      target: User,
      columns: { id, name: { type: String }, score: { type: Number, default: 0 } },
      relations: { team: { type: 'many-to-one', target: 'Team', nullable: true, cascade: ['insert'], onDelete: 'SET NULL' } },
    }),
  ],
}

Object.assign(globalThis, { DataSource, Team, User, options, typeormCache })
