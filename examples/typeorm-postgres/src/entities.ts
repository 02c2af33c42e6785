import { EntitySchema } from 'typeorm'

export class Author {
  id!: number
  name!: string
  books?: Book[]

  get initials(): string {
    return this.name.replaceAll(/(\p{Lu})\S*\s*/gu, '$1.')
  }
}

export class Book {
  id!: number
  title!: string
  price!: number
  publishedAt!: Date
  author?: Author
  reviews?: Review[]

  /** What makes it a class: TypeORM's rows have no methods. */
  costs(copies: number): number {
    return this.price * copies
  }
}

export class Review {
  id!: number
  stars!: number
  book?: Book
}

const id = { type: 'int', primary: true, generated: true } as const

// Node takes types out of what it runs, but knows no decorators: the README has the same entities with them.
export const entities = [
  new EntitySchema<Author>({
    name: 'Author',
    target: Author,
    columns: { id, name: { type: 'text' } },
    relations: { books: { type: 'one-to-many', target: 'Book', inverseSide: 'author' } },
  }),
  new EntitySchema<Book>({
    name: 'Book',
    target: Book,
    columns: { id, title: { type: 'text' }, price: { type: 'int' }, publishedAt: { type: 'timestamptz' } },
    relations: {
      author: { type: 'many-to-one', target: 'Author', inverseSide: 'books', onDelete: 'CASCADE' },
      reviews: { type: 'one-to-many', target: 'Review', inverseSide: 'book', cascade: true },
    },
  }),
  new EntitySchema<Review>({
    name: 'Review',
    target: Review,
    columns: { id, stars: { type: 'int' } },
    relations: { book: { type: 'many-to-one', target: 'Book', inverseSide: 'reviews', onDelete: 'CASCADE' } },
  }),
]
