import { join } from 'node:path'
import { describe } from 'vitest'
import { ensureRegistryProgram } from '../../engine/packages.ts'
import { distributionStore } from './distribution-store.ts'
import { storeBehaviour } from './store.case.ts'

const home = join(import.meta.dirname, '..', '..', '..', '.slipway')

describe('store in the CNCF Distribution', () =>
  storeBehaviour(async () => distributionStore(await ensureRegistryProgram({ home, say: (line) => console.error(line) }))))
