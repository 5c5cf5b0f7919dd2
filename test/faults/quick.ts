import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'

/**
 * Loaded into a bundle before it starts (`node --import`): the clock that actions are given runs faster, so that a
 * deployment of minutes takes a second. Request timeouts and the SDK's own waits keep their real length.
 */
const factor = Number(process.env['QUICK'] ?? '1')
const wait = timers.setTimeout
const now = performance.now.bind(performance)
timers.setTimeout = ((milliseconds = 0, ...rest: [unknown?, object?]) =>
  wait(milliseconds / factor, ...rest)) as typeof timers.setTimeout
performance.now = () => now() * factor
syncBuiltinESMExports()
