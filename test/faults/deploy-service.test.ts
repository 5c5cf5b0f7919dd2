import { someFaults } from './cells.ts'
import { deliveriesTo } from './deliveries.ts'
import { allKills, everyNth, testFaults, testKills } from './matrix.case.ts'
import { undisturbed } from './matrix.ts'

const { crashLoop, oneService, release, rollback } = deliveriesTo('ecs')
const calm = { release: await undisturbed(release), crash: await undisturbed(crashLoop), one: await undisturbed(oneService) }
const back = await undisturbed(rollback)

// A sample; the long suite has them all. Steps that share no factor with the number of effects: each effect meets each kind of call.
testFaults(release, everyNth(13, someFaults(calm.release.calls)))
testFaults(crashLoop, everyNth(19, someFaults(calm.crash.calls)))
testKills(release, calm.release, everyNth(29, allKills(calm.release.total, false)))
testKills(oneService, calm.one, everyNth(25, allKills(calm.one.total, true)))
testKills(rollback, back, everyNth(61, allKills(back.total, false)))

// The call that starts a deployment is applied, and its answer is a page of a front end, or stalls.
testFaults(
  oneService,
  (['page-504-after-apply', 'stall-after-apply'] as const).map((then) => ({ call: 'ecs:UpdateService', nth: 1, then })),
)

// Some of each on the other targets: the call by which what serves is changed loses its answer, and is where the process dies.
const changes = {
  lambda: ['lambda:UpdateAlias', 'lambda:UpdateFunctionCode'],
  ec2: ['ssm:SendCommand', 'ssm:SendCommand'],
} as const
for (const target of ['lambda', 'ec2'] as const) {
  const { oneService } = deliveriesTo(target)
  const calm = await undisturbed(oneService)
  const [last, first] = changes[target]
  testFaults(oneService, [
    { call: last, nth: 2, then: 'reset-after-apply' },
    { call: first, nth: 1, then: 'page-504-after-apply' },
  ])
  testKills(oneService, calm, [{ call: Math.ceil(calm.total * 0.7), applied: true, post: false }])
}
