import { EntitySchema } from 'typeorm'

export class Team {
  id!: number
  name!: string
  members?: User[]
}

export class Address {
  street!: string
  city!: string
}

export class User {
  id!: number
  name!: string
  score!: number
  address!: Address
  team?: Team | null
  posts?: Post[]
  profile?: Profile | null
  deletedAt?: Date | null

  get label(): string {
    return `${this.name} of ${this.address.city}`
  }

  greet(): string {
    return `I am ${this.name}`
  }
}

export class Profile {
  id!: number
  text!: string
  user?: User
}

export class Post {
  id!: number
  title!: string
  author?: User | null
  tags?: Tag[]
  comments?: Comment[]
}

export class Comment {
  id!: number
  text!: string
  post?: Post
}

export class Tag {
  /** In the table it is `tag_key`. */
  code!: string
  label!: string
  posts?: Post[]
}

/** Its key is of two columns. */
export class Price {
  product!: string
  country!: string
  amount!: number
}

export class Category {
  id!: number
  name!: string
  parent?: Category | null
  children?: Category[]
}

export class Media {
  id!: number
  title!: string
}
export class Photo extends Media {
  width!: number
}
export class Video extends Media {
  seconds!: number
}

/** A view: teams with the sum of their members' scores. */
export class Standing {
  name!: string
  total!: number
}

const generated = { type: Number, primary: true, generated: true } as const

const addressSchema = new EntitySchema<Address>({
  name: 'Address',
  target: Address,
  columns: { street: { type: String }, city: { type: String } },
})

const media = { id: generated, title: { type: String } } as const

export const entities = [
  new EntitySchema<Team>({
    name: 'Team',
    target: Team,
    tableName: 'teams',
    columns: { id: generated, name: { type: String } },
    relations: { members: { type: 'one-to-many', target: 'User', inverseSide: 'team' } },
  }),
  new EntitySchema<User>({
    name: 'User',
    target: User,
    columns: {
      id: generated,
      name: { type: String },
      score: { type: Number, default: 0 },
      deletedAt: { type: Date, deleteDate: true, nullable: true },
    },
    embeddeds: { address: { schema: addressSchema } },
    relations: {
      team: { type: 'many-to-one', target: 'Team', inverseSide: 'members', nullable: true, onDelete: 'SET NULL' },
      posts: { type: 'one-to-many', target: 'Post', inverseSide: 'author' },
      profile: { type: 'one-to-one', target: 'Profile', inverseSide: 'user' },
    },
  }),
  new EntitySchema<Profile>({
    name: 'Profile',
    target: Profile,
    columns: { id: generated, text: { type: String } },
    relations: { user: { type: 'one-to-one', target: 'User', inverseSide: 'profile', joinColumn: true, onDelete: 'CASCADE' } },
  }),
  new EntitySchema<Post>({
    name: 'Post',
    target: Post,
    columns: { id: generated, title: { type: String } },
    relations: {
      author: { type: 'many-to-one', target: 'User', inverseSide: 'posts', nullable: true, onDelete: 'CASCADE' },
      tags: { type: 'many-to-many', target: 'Tag', inverseSide: 'posts', joinTable: true, cascade: true },
      comments: { type: 'one-to-many', target: 'Comment', inverseSide: 'post', cascade: true },
    },
  }),
  new EntitySchema<Comment>({
    name: 'Comment',
    target: Comment,
    columns: { id: generated, text: { type: String } },
    relations: { post: { type: 'many-to-one', target: 'Post', inverseSide: 'comments', onDelete: 'CASCADE' } },
  }),
  new EntitySchema<Tag>({
    name: 'Tag',
    target: Tag,
    columns: { code: { type: String, primary: true, name: 'tag_key' }, label: { type: String } },
    relations: { posts: { type: 'many-to-many', target: 'Post', inverseSide: 'tags' } },
  }),
  new EntitySchema<Price>({
    name: 'Price',
    target: Price,
    columns: { product: { type: String, primary: true }, country: { type: String, primary: true }, amount: { type: Number } },
  }),
  new EntitySchema<Category>({
    name: 'Category',
    target: Category,
    trees: [{ type: 'closure-table' }],
    columns: { id: generated, name: { type: String } },
    relations: {
      parent: { type: 'many-to-one', target: 'Category', treeParent: true, inverseSide: 'children', nullable: true, onDelete: 'CASCADE' },
      children: { type: 'one-to-many', target: 'Category', treeChildren: true, inverseSide: 'parent' },
    },
  }),
  new EntitySchema<Media>({
    name: 'Media',
    target: Media,
    columns: media,
    inheritance: { pattern: 'STI', column: { name: 'kind', type: String } },
  }),
  new EntitySchema<Photo>({ name: 'Photo', target: Photo, type: 'entity-child', columns: { ...media, width: { type: Number, nullable: true } } }),
  new EntitySchema<Video>({ name: 'Video', target: Video, type: 'entity-child', columns: { ...media, seconds: { type: Number, nullable: true } } }),
  new EntitySchema<Standing>({
    name: 'Standing',
    target: Standing,
    type: 'view',
    expression: (dataSource) => dataSource.createQueryBuilder()
      .select('team.name', 'name').addSelect('SUM(member.score)', 'total')
      .from(Team, 'team').leftJoin(User, 'member', 'member.teamId = team.id AND member.deletedAt IS NULL').groupBy('team.name'),
    columns: { name: { type: String }, total: { type: Number } },
  }),
]
