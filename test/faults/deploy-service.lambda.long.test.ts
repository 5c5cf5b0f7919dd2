// Needs no Docker; the name keeps the whole matrix out of the tests that run in a minute.
import { testTarget } from './targets.case.ts'

await testTarget('lambda')
