import { expect, it } from 'vitest'
import { synthesise } from '../../infra/templates.case.ts'
import { VARIANTS } from '../../infra/variants.case.ts'
import { NEEDED } from './execution.case.ts'

/** Stacks of the administrator, who needs no role for them. */
const ADMINISTRATORS = /-identity$|-images$|-oidc-/

it('what CloudFormation’s role may do is said of every type in any template of the pipeline', () => {
  const types = new Set(
    Object.values(VARIANTS).flatMap((make) =>
      synthesise(make())
        .filter(({ name }) => !ADMINISTRATORS.test(name))
        .flatMap(({ resources }) => Object.values(resources).map(({ Type }) => Type)),
    ),
  )
  expect(types.size).toBeGreaterThan(30)
  expect([...types].filter((type) => NEEDED[type] === undefined).toSorted()).toEqual([])
})
