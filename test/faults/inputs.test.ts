import { testInputs } from './inputs.case.ts'

testInputs(8)
