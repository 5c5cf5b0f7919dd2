import type { Budget, BudgetNotificationsForAccount, Budgets } from '@aws-sdk/client-budgets'
import { page } from './pages.ts'
import { AwsError, type InputOf, type Operation, type Service } from './service.ts'

/** What an account has: set by a scenario, because nobody here spends anything. */
export type AccountBudgets = { budgets: Budget[]; notifications?: BudgetNotificationsForAccount[] }

type Asked = { AccountId: string | undefined }

const on = <N extends 'DescribeBudgets' | 'DescribeBudgetNotificationsForAccount'>(
  name: N,
  run: (input: InputOf<Budgets, N>) => unknown,
): Record<string, Operation<InputOf<Budgets, N>>> => ({
  [name]: {
    // Every read of the service is one permission, on the budget or on all (service authorization reference).
    authorize: (_input, { principal }) => [
      { action: 'budgets:ViewBudget', resource: `arn:aws:budgets::${principal.account}:budget/*` },
    ],
    run: (input, { principal }) => {
      const { AccountId } = input as Asked
      if (AccountId !== principal.account)
        throw new AwsError('AccessDeniedException', `The account ${AccountId} is not that of the caller`)
      return run(input)
    },
  },
})

/** AWS Budgets, as far as reports need it. */
export const budgetsService = (accounts: Record<string, AccountBudgets>): Service => ({
  name: 'budgets',
  operations: {
    ...on('DescribeBudgets', ({ AccountId = '', MaxResults = 100, NextToken, ShowFilterExpression }) => {
      const { budgets = [] } = accounts[AccountId] ?? {}
      const { items, nextToken } = page(budgets, MaxResults, NextToken)
      const shown = items.map(({ FilterExpression, ...budget }) =>
        ShowFilterExpression && FilterExpression ? { ...budget, FilterExpression } : budget,
      )
      return { Budgets: shown, NextToken: nextToken }
    }),
    ...on('DescribeBudgetNotificationsForAccount', ({ AccountId = '', MaxResults = 50, NextToken }) => {
      const { items, nextToken } = page(accounts[AccountId]?.notifications ?? [], MaxResults, NextToken)
      return { BudgetNotificationsForAccount: items, NextToken: nextToken }
    }),
  },
})
