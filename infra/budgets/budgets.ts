import { createHash } from 'node:crypto'
import { Annotations, type App } from 'aws-cdk-lib'
import { CfnBudget } from 'aws-cdk-lib/aws-budgets'
import { Construct } from 'constructs'
import { budgetsOf } from '../../lib/delivery/budgets.ts'
import type { Configuration } from '../../lib/delivery/configuration.ts'
import { budgetNames, COST_TAG } from '../../lib/delivery/names.ts'
import type { Budget } from '../../lib/delivery/schema/budget.ts'
import { type PlaceProps, PlaceStack } from '../stack.ts'
import { Slack } from './slack.ts'
import { alarmTopic } from './topic.ts'

export type BudgetsProps = PlaceProps & {
  budgets: readonly Budget[]
  /** Where the address of Slack's webhook is. Default: nobody is told but who subscribes to the topic. */
  slack?: { parameter: string; region: string }
}

/** The budgets of an environment, and the topic that hears when one is spent or will be. */
export class BudgetsStack extends PlaceStack {
  constructor(app: App, props: BudgetsProps) {
    super(app, props)
    const { configuration, place } = this
    const { topic, policy } = alarmTopic(this)
    const scope = new Construct(this, 'Budgets')
    const isShared = sharesAccount(configuration, place)
    for (const budget of budgetsOf(configuration.project, place, props.budgets)) {
      const made = new CfnBudget(scope, budget.name, {
        budget: {
          budgetName: `${budget.name}${suffixOf(budget)}`,
          budgetType: typeOf(budget),
          timeUnit: 'MONTHLY',
          budgetLimit: { amount: budget.limit, unit: budget.unit ?? budget.currency ?? 'USD' },
          metrics: [budget.usage === undefined ? 'UnblendedCost' : 'UsageQuantity'],
          ...filter(budget, isShared ? place : undefined),
        },
        notificationsWithSubscribers: notifications(budget).map((notification) => ({
          notification: { ...notification, comparisonOperator: 'GREATER_THAN', thresholdType: 'PERCENTAGE' },
          subscribers: [{ subscriptionType: 'SNS', address: topic.ref }],
        })),
      })
      // AWS refuses a budget whose topic it may not publish to.
      made.addResourceDependency(policy)
    }
    if (props.slack !== undefined) new Slack(this, { topic, ...props.slack })
    else warnOfSilence(this, budgetNames(configuration.project, place).topic)
  }
}

const warnOfSilence = (stack: PlaceStack, topic: string): void =>
  Annotations.of(stack).addWarningV2(
    'slipway:silent-budgets',
    `the budgets of ${stack.place} tell nobody but who subscribes to the topic ${topic}; give the environment 'slack'`,
  )

/** Costs are told apart by account; only where that is not enough, by tag, which must be active and never covers all. */
const sharesAccount = ({ environments }: Configuration, place: string): boolean =>
  Object.values(environments).filter(({ account }) => account === environments[place]?.account).length > 1

type Expression = CfnBudget.ExpressionProperty

const filter = ({ service, usage }: Budget, environment: string | undefined): { filterExpression?: Expression } => {
  const parts: Expression[] = [
    ...(service === undefined ? [] : [{ dimensions: { key: 'SERVICE', values: [service] } }]),
    ...(usage === undefined ? [] : [{ dimensions: { key: 'USAGE_TYPE_GROUP', values: [usage] } }]),
    ...(environment === undefined ? [] : [{ tags: { key: COST_TAG, values: [environment] } }]),
  ]
  const [first, second] = parts
  if (first === undefined) return {}
  return { filterExpression: second === undefined ? first : { and: parts } }
}

const typeOf = ({ usage }: Budget): string => (usage === undefined ? 'COST' : 'USAGE')

/**
 * Other notifications, or another type, are another budget to CloudFormation, which makes it before it deletes the one that is
 * there; with the same name AWS would refuse it. Nothing is added to a budget of the default kind: another default would need
 * another name, too.
 */
const suffixOf = (budget: Budget): string => {
  const madeAnew = JSON.stringify([typeOf(budget), notifications(budget)])
  if (madeAnew === JSON.stringify([typeOf(PLAIN), notifications(PLAIN)])) return ''
  return `-${createHash('sha256').update(madeAnew).digest('hex').slice(0, 6)}`
}

const PLAIN: Budget = { limit: 1 }

const notifications = ({ thresholds = {} }: Budget): { notificationType: string; threshold: number }[] => [
  ...(thresholds.actual ?? [80, 100]).map((threshold) => ({ notificationType: 'ACTUAL', threshold })),
  ...(thresholds.forecast ?? [100]).map((threshold) => ({ notificationType: 'FORECASTED', threshold })),
]
