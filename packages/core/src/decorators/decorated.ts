import type { Cache } from '../cache.ts'
import { ConfigError } from '../error.ts'

/** The cache of a decorated method: one that is there already, or what finds it in the object that the method is called on. */
export type CacheOf<This> = Cache | ((self: This) => Cache)

/** The arguments of a method, where it alone tells them: `NoInfer` does not do that for a rest parameter. */
export type Known<A extends readonly unknown[]> = A extends readonly [...infer Known] ? Known : never

/**
 * @param decorator as it is written: `'@cached'`
 * @throws ConfigError where a decorator stands on something else than a method, or is called as a legacy one.
 */
export function assertMethod(decorator: string, method: unknown, context: unknown): void {
  const { kind } = Object(context) as Partial<DecoratorContext>
  if (kind === undefined) {
    throw new ConfigError([{ option: decorator, rule: "compiled as a standard decorator: without 'experimentalDecorators' in tsconfig.json", value: context }])
  }
  if (kind !== 'method' || typeof method !== 'function') throw new ConfigError([{ option: decorator, rule: 'on a method', value: kind }])
}

/** Gives what takes a method's place the method's name and length, which frameworks look at. */
export function inPlaceOf<F extends (...args: never) => unknown>(method: F, replacement: NoInfer<F>): F {
  const { name, length } = method
  return Object.defineProperties(replacement, { name: { value: name, configurable: true }, length: { value: length, configurable: true } })
}

/** @throws what finding the cache throws */
export const cacheFor = <This>(cache: CacheOf<This>, self: This): Cache => (typeof cache === 'function' ? cache(self) : cache)
