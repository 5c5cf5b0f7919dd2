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

// One of each on the other targets: the call by which what serves is changed loses its answer, and is where the process dies.
const changes = { lambda: 'lambda:UpdateAlias', ec2: 'ssm:SendCommand' } as const
for (const target of ['lambda', 'ec2'] as const) {
  const { oneService } = deliveriesTo(target)
  const calm = await undisturbed(oneService)
  testFaults(oneService, [{ call: changes[target], nth: 2, then: 'reset-after-apply' }])
  testKills(oneService, calm, [{ call: Math.ceil(calm.total * 0.7), applied: true, post: false }])
}
