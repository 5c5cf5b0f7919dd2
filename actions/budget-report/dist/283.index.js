export const id = 283;
export const ids = [283];
export const modules = {

/***/ 9283:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readAnomalies: () => (/* binding */ readAnomalies),
/* harmony export */   readCosts: () => (/* binding */ readCosts),
/* harmony export */   readForecast: () => (/* binding */ readForecast)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_cost_explorer__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2994);
/* harmony import */ var _lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9794);
/* harmony import */ var _calendar_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(8128);
/* harmony import */ var _costs_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5262);
/* harmony import */ var _money_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6063);





/** Costs by day, service and record type. Rejects where the purse is empty before the last page: a part is no total. */
const readCosts = async (session, period, basis, purse) => {
    const client = session.client(_aws_sdk_client_cost_explorer__WEBPACK_IMPORTED_MODULE_3__/* .CostExplorerClient */ .mM9);
    const rows = [];
    const units = new Set();
    let estimated = false;
    let token;
    do {
        const request = {
            TimePeriod: { Start: period.start, End: period.end },
            Granularity: 'DAILY',
            Metrics: [basis.metric],
            GroupBy: [
                { Type: 'DIMENSION', Key: 'SERVICE' },
                { Type: 'DIMENSION', Key: 'RECORD_TYPE' },
            ],
            ...withoutCredits(basis),
            ...(token !== undefined && { NextPageToken: token }),
        };
        const page = await paid('ce:GetCostAndUsage', purse, () => client.send(new _aws_sdk_client_cost_explorer__WEBPACK_IMPORTED_MODULE_3__/* .GetCostAndUsageCommand */ .lx0(request)));
        for (const { TimePeriod, Groups = [], Estimated = false } of page.ResultsByTime ?? []) {
            estimated ||= Estimated;
            for (const { Keys = [], Metrics = {} } of Groups) {
                const { Amount, Unit } = Metrics[basis.metric] ?? {};
                if (Amount === undefined)
                    throw new Error(`Cost Explorer gave no ${basis.metric} for ${Keys.join(', ')}`);
                units.add(Unit ?? 'USD');
                rows.push({ day: TimePeriod?.Start ?? '', service: Keys[0] ?? '', recordType: Keys[1] ?? '', amount: (0,_money_js__WEBPACK_IMPORTED_MODULE_2__/* .money */ .TG)(Amount) });
            }
        }
        token = page.NextPageToken;
    } while (token !== undefined);
    if (units.size > 1)
        throw new Error(`costs are in ${[...units].join(' and ')}, which cannot be added`);
    return { rows, unit: [...units][0] ?? 'USD', estimated };
};
const withoutCredits = ({ withCredits }) => withCredits ? {} : { Filter: { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: _costs_js__WEBPACK_IMPORTED_MODULE_1__/* .CREDITS */ .BM } } } };
/** What AWS expects for today and the rest of the month, with the bounds of its 80% interval; undefined where it knows too little. */
const readForecast = async (session, today, basis, purse) => {
    const client = session.client(_aws_sdk_client_cost_explorer__WEBPACK_IMPORTED_MODULE_3__/* .CostExplorerClient */ .mM9);
    // By day: whether a monthly forecast of the running month includes what is spent already is documented nowhere.
    const request = new _aws_sdk_client_cost_explorer__WEBPACK_IMPORTED_MODULE_3__/* .GetCostForecastCommand */ .KOJ({
        TimePeriod: { Start: today, End: (0,_calendar_js__WEBPACK_IMPORTED_MODULE_4__/* .monthOf */ .GS)(today).end },
        Granularity: 'DAILY',
        Metric: basis.metric.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase(),
        PredictionIntervalLevel: 80,
        ...withoutCredits(basis),
    });
    try {
        const { ForecastResultsByTime: days = [] } = await paid('ce:GetCostForecast', purse, () => client.send(request));
        const total = (key) => (0,_money_js__WEBPACK_IMPORTED_MODULE_2__/* .sum */ .cz)(days.map((each) => (0,_money_js__WEBPACK_IMPORTED_MODULE_2__/* .money */ .TG)(each[key] ?? '')));
        return {
            rest: total('MeanValue'),
            low: total('PredictionIntervalLowerBound'),
            high: total('PredictionIntervalUpperBound'),
        };
    }
    catch (error) {
        if ((0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .isNamed */ .ev)(error, 'DataUnavailableException'))
            return undefined;
        throw error;
    }
};
/** Anomalies that ended within the last seven days or are open, at least `least` in the account's currency, largest first. */
const readAnomalies = async (session, today, least, purse) => {
    const client = session.client(_aws_sdk_client_cost_explorer__WEBPACK_IMPORTED_MODULE_3__/* .CostExplorerClient */ .mM9);
    const found = [];
    let token;
    do {
        const request = new _aws_sdk_client_cost_explorer__WEBPACK_IMPORTED_MODULE_3__/* .GetAnomaliesCommand */ .D3T({
            DateInterval: { StartDate: (0,_calendar_js__WEBPACK_IMPORTED_MODULE_4__/* .addDays */ .fi)(today, -7), EndDate: today },
            TotalImpact: { NumericOperator: 'GREATER_THAN_OR_EQUAL', StartValue: least },
            ...(token !== undefined && { NextPageToken: token }),
        });
        const page = await paid('ce:GetAnomalies', purse, () => client.send(request));
        for (const { RootCauses = [], Impact, AnomalyStartDate = '' } of page.Anomalies ?? [])
            found.push({
                service: RootCauses[0]?.Service ?? 'unknown service',
                region: RootCauses[0]?.Region ?? '',
                impact: (0,_money_js__WEBPACK_IMPORTED_MODULE_2__/* .money */ .TG)(String(Impact?.TotalImpact ?? Impact?.MaxImpact ?? 0)),
                start: AnomalyStartDate.slice(0, 10),
            });
        token = page.NextPageToken;
    } while (token !== undefined);
    return found.toSorted((a, b) => b.impact.cmp(a.impact));
};
const paid = (name, purse, send) => {
    if (purse.spent >= purse.most)
        throw new Error(`the report would need more than ${purse.most} Cost Explorer requests; raise 'max-ce-requests' (a cent each)`);
    purse.spent += 1;
    return (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)(name, send);
};


/***/ })

};
