import { describe } from 'vitest'
import { memoryStore } from './memory-store.ts'
import { storeBehaviour } from './store.case.ts'

describe('store in memory', () => storeBehaviour(memoryStore))
