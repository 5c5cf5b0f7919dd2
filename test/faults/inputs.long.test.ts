// Needs no Docker; the name keeps the many out of the tests that run in a minute.
import { testInputs } from './inputs.case.ts'

testInputs(92)
