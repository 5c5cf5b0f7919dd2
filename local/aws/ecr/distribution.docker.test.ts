import { describe } from 'vitest'
import { distributionStore } from './distribution-store.ts'
import { storeBehaviour } from './store.case.ts'

describe('store in the CNCF Distribution', () => storeBehaviour(() => distributionStore()))
