import { scaledTime } from '../time.ts'
import { runtimeSuite } from './runtime.case.ts'
import { scriptedRuntime } from './scripted.ts'

const healthCheck = { command: ['CMD', 'check'], interval: 1_000, timeout: 1_000, retries: 2, startPeriod: 0 }

runtimeSuite('scripted', async () => {
  const runtime = scriptedRuntime(
    {
      'says and exits': { logs: ['out', 'err'], exitsWith: 3 },
      waits: { logs: ['ready'] },
      'ignores SIGTERM': { ignoresSigterm: true },
      serves: { answers: { '/': 'hello' } },
      'is never healthy': { neverHealthy: true, neverTargetHealthy: true },
      'exceeds its memory': { oomKilled: true, exitsAfter: 100 },
      'cannot be pulled': { failsToPull: 'denied' },
    },
    scaledTime(100),
  )
  return {
    runtime,
    spec: (act) => ({ image: { reference: act, digest: act }, ports: [8080], healthCheck }),
    close: () => runtime.removeAll(),
  }
})
