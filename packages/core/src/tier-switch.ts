import type { Engine } from './engine.ts'
import { ConfigError } from './error.ts'

/** Takes a tier out of use and back, while the cache goes on. */
export interface TierSwitch {
  readonly name: string
  readonly enabled: boolean
  /**
   * Nothing is read from the tier and nothing is stored there any more. A shared tier counts as away: loads go on in every
   * process for itself, and invalidations wait until it is enabled; all caches of this process that share it are concerned.
   * A local tier is empty afterwards. No effect where it is disabled already.
   */
  disable(): void
  /** No effect where it is enabled already. */
  enable(): void
}

/** @throws ConfigError for a name that no tier has */
export function tierSwitch(engine: Engine, name: string): TierSwitch {
  const { link, memory, stack } = engine
  if (memory !== undefined && name === engine.memoryName) {
    return {
      name,
      get enabled() {
        return engine.isMemoryOn
      },
      disable: () => void (engine.isMemoryOn = false),
      enable: () => void (engine.isMemoryOn = true),
    }
  }
  if (link !== undefined && name === link.name) {
    return {
      name,
      get enabled() {
        return !link.isOff
      },
      disable: () => link.turnOff(),
      enable: () => link.turnOn(),
    }
  }
  if (stack.isOn(name) === undefined) {
    const names = engine.settings.tiers.map((tier) => `'${tier.name}'`)
    throw new ConfigError([{ option: 'tier', rule: `the name of a tier: ${names.join(', ')}`, value: name }])
  }
  return {
    name,
    get enabled() {
      return stack.isOn(name)!
    },
    disable: () => stack.turnOff(name),
    // Stamps of the shared tier's clock are not to be compared with those of this machine's.
    enable: () => stack.turnOn(name, link === undefined ? engine.nextStamp() : link.seen + 1),
  }
}
