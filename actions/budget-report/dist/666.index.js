export const id = 666;
export const ids = [666];
export const modules = {

/***/ 1666:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readBudgets: () => (/* binding */ readBudgets)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_budgets__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3001);
/* harmony import */ var _lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9794);
/* harmony import */ var _calendar_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(8128);
/* harmony import */ var _costs_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5262);
/* harmony import */ var _money_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6063);





/** Budgets that one page takes; the API allows 1,000 (API reference). */
const PAGE = 100;
/** All budgets of the account. Free of charge. The session signs for the region; the service has one address for all of them. */
const readBudgets = async (session, today) => {
    const client = session.client(_aws_sdk_client_budgets__WEBPACK_IMPORTED_MODULE_3__/* .BudgetsClient */ .C7y);
    const request = { AccountId: session.account, ShowFilterExpression: true };
    const budgets = await (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('budgets:DescribeBudgets', async () => {
        const found = [];
        for await (const page of (0,_aws_sdk_client_budgets__WEBPACK_IMPORTED_MODULE_3__/* .paginateDescribeBudgets */ .ZO6)({ client, pageSize: PAGE }, request))
            found.push(...(page.Budgets ?? []));
        return found;
    });
    const thresholds = budgets.length === 0 ? new Map() : await readThresholds(session).catch(() => new Map());
    return budgets.map((budget) => budgetOf(budget, thresholds.get(budget.BudgetName ?? '') ?? [], today));
};
/** Notifications in percent of the limit, by budget. Not every role may read them: without, the input `warn` counts. */
const readThresholds = async (session) => {
    const client = session.client(_aws_sdk_client_budgets__WEBPACK_IMPORTED_MODULE_3__/* .BudgetsClient */ .C7y);
    const thresholds = new Map();
    await (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('budgets:DescribeBudgetNotificationsForAccount', async () => {
        const pages = (0,_aws_sdk_client_budgets__WEBPACK_IMPORTED_MODULE_3__/* .paginateDescribeBudgetNotificationsForAccount */ .E2V)({ client, pageSize: PAGE }, { AccountId: session.account });
        for await (const { BudgetNotificationsForAccount = [] } of pages)
            for (const { BudgetName = '', Notifications = [] } of BudgetNotificationsForAccount)
                thresholds.set(BudgetName, Notifications.flatMap(({ NotificationType, ThresholdType = 'PERCENTAGE', Threshold }) => NotificationType === 'ACTUAL' && ThresholdType === 'PERCENTAGE' && Threshold !== undefined ? [Threshold] : []));
    });
    return thresholds;
};
/** Reads the fields of before April 2025 (`CostTypes`, `CostFilters`) and those of after it; a budget may have either or none. */
const budgetOf = (budget, thresholds, today) => {
    const { BudgetName = '', BudgetType = 'COST', TimeUnit = 'MONTHLY', TimePeriod, CalculatedSpend, HealthStatus } = budget;
    const limit = limitOf(budget, today);
    const actual = amountOf(CalculatedSpend?.ActualSpend);
    const forecast = amountOf(CalculatedSpend?.ForecastedSpend);
    const { CostTypes: types, FilterExpression: expression } = budget;
    const left = expression?.Not?.Dimensions;
    const leavesOutCredits = left?.Key === 'RECORD_TYPE' && (left.Values ?? []).every((value) => _costs_js__WEBPACK_IMPORTED_MODULE_1__/* .CREDITS */ .BM.includes(value));
    return {
        name: BudgetName,
        type: BudgetType,
        unit: budget.BudgetLimit?.Unit ?? CalculatedSpend?.ActualSpend?.Unit ?? 'USD',
        timeUnit: TimeUnit,
        ...(TimeUnit === 'CUSTOM' &&
            TimePeriod?.Start &&
            TimePeriod.End && { custom: { start: (0,_calendar_js__WEBPACK_IMPORTED_MODULE_4__/* .dayOf */ .kb)(TimePeriod.Start.getTime()), end: (0,_calendar_js__WEBPACK_IMPORTED_MODULE_4__/* .dayOf */ .kb)(TimePeriod.End.getTime()) } }),
        ...(limit && { limit }),
        ...(actual && { actual }),
        ...(forecast && { forecast }),
        autoAdjusting: budget.AutoAdjustData !== undefined,
        ...(HealthStatus?.Status === 'UNHEALTHY' && { unhealthy: HealthStatus.StatusReason ?? 'no reason given' }),
        metric: budget.Metrics?.[0] ?? metricOf(types),
        withCredits: types?.IncludeCredit !== false && !leavesOutCredits,
        filtered: (expression !== undefined && !leavesOutCredits) || Object.keys(budget.CostFilters ?? {}).length > 0,
        partial: Object.entries(types ?? {}).some(([name, value]) => OTHER_CHARGES.test(name) && value === false),
        thresholds,
    };
};
/** Charges that a budget can leave out and that are no credits. */
const OTHER_CHARGES = /^Include(?!Credit|Refund)/;
const metricOf = (types) => types?.UseAmortized ? 'AmortizedCost' : types?.UseBlended ? 'BlendedCost' : 'UnblendedCost';
const amountOf = (spend) => spend?.Amount === undefined ? undefined : (0,_money_js__WEBPACK_IMPORTED_MODULE_2__/* .money */ .TG)(spend.Amount);
/** Planned limits are keyed by the start of their period in seconds; after the last one it stays (API reference). */
const limitOf = ({ BudgetLimit, PlannedBudgetLimits = {} }, today) => {
    const month = (0,_calendar_js__WEBPACK_IMPORTED_MODULE_4__/* .monthOf */ .GS)(today).end;
    const begun = Object.entries(PlannedBudgetLimits)
        .map(([start, spend]) => ({ start: (0,_calendar_js__WEBPACK_IMPORTED_MODULE_4__/* .dayOf */ .kb)(Number(start) * 1000), spend }))
        .filter(({ start }) => start < month)
        .toSorted((a, b) => a.start.localeCompare(b.start));
    return amountOf(BudgetLimit ?? begun.at(-1)?.spend);
};


/***/ })

};
