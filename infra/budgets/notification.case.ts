/** What AWS Budgets publishes, as users have shown it in public; AWS documents no format. */
export const notification = (facts: Record<string, string> = {}): { Subject: string; Message: string } => {
  const lines = {
    'Budget Name': 'shop-dev',
    'Budget Type': 'Cost',
    'Budgeted Amount': '$100.00',
    'Alert Type': 'ACTUAL',
    'Alert Threshold': '> $80.00',
    'ACTUAL Amount': '$85.21',
    ...facts,
  }
  return {
    Subject: 'AWS Budgets: shop-dev has exceeded your alert threshold',
    Message: [
      'AWS Budget Notification November 21, 2026',
      'AWS Account 222222222222',
      '',
      'Dear AWS Customer,',
      '',
      'You requested that we alert you when the ACTUAL Cost associated with your shop-dev budget is greater than $80.00.',
      '',
      ...Object.entries(lines).map(([name, value]) => `${name}: ${value}`),
      '',
      '[1] https://console.aws.amazon.com/billing/home#/budgets',
    ].join('\n'),
  }
}
