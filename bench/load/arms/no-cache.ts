import type { Arm } from './arm.ts'
import { NO_CACHE } from './names.ts'

export const noCache: Arm = {
  name: NO_CACHE,
  isCache: false,
  isCoherent: true,
  open: async ({ load }) => ({ read: load, invalidate: async () => {}, close: async () => {} }),
}
