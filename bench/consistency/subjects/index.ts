import { bentocache } from './bentocache.ts'
import { cacheManager } from './cache-manager.ts'
import { cacheable } from './cacheable.ts'
import { layeredLoader } from './layered-loader.ts'
import { sabotaged } from './sabotage.ts'
import { stratacache } from './stratacache.ts'
import type { Library } from './subject.ts'

export const RIVALS: readonly Library[] = [bentocache, cacheable, cacheManager, layeredLoader]

const LIBRARIES: readonly Library[] = [stratacache, ...RIVALS, ...sabotaged]

export function libraryOf(name: string): Library {
  const library = LIBRARIES.find((each) => each.name === name)
  if (library === undefined) throw new Error(`no library is called ${name}: there are ${LIBRARIES.map((each) => each.name).join(', ')}`)
  return library
}
