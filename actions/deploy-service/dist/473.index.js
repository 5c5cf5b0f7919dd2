export const id = 473;
export const ids = [473];
export const modules = {

/***/ 5473:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   tellSlack: () => (/* binding */ tellSlack)
/* harmony export */ });
/* unused harmony export messageOf */
/* harmony import */ var _lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2811);
/* harmony import */ var _request_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5600);


/** Tells Slack how a red delivery ended. Sent once: a post whose answer got lost may have arrived. Rejects in words. */
const tellSlack = async ({ project, environment, slack = '' }, conclusion, { session, runUrl, mask, isLocal }) => {
    const address = await webhook(session, slack);
    if (address !== '')
        mask(address);
    if (!isWebhook(address, isLocal)) {
        throw new Error(`the parameter ${slack} does not hold the address of a Slack webhook, https://hooks.slack.com/…`);
    }
    const text = messageOf(`${project} in ${environment}`, conclusion, runUrl);
    const answer = await fetch(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text }),
        redirect: 'manual',
        signal: AbortSignal.timeout(session.requestTimeout),
    }).catch(({ name }) => {
        throw new Error(name === 'TimeoutError' ? 'Slack did not answer in time' : 'Slack cannot be reached');
    });
    if (!answer.ok)
        throw new Error(`Slack answered ${answer.status} ${(await answer.text()).slice(0, 100)}`);
};
const webhook = async (session, name) => {
    const { GetParameterCommand, SSMClient } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(736)]).then(__webpack_require__.t.bind(__webpack_require__, 4736, 19));
    const command = new GetParameterCommand({ Name: name, WithDecryption: true });
    const { Parameter } = await (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('ssm:GetParameter', () => session.client(SSMClient).send(command));
    return Parameter?.Value?.trim() ?? '';
};
const isWebhook = (address, isLocal) => {
    if (!URL.canParse(address))
        return false;
    const { protocol, hostname } = new URL(address);
    return (protocol === 'https:' && hostname === 'hooks.slack.com') || (isLocal && hostname === '127.0.0.1');
};
/** Slack's limit for one text is 40,000 characters; what is read at a glance is far shorter. */
const LONGEST = 1_500;
/** Exported for its test: environment, service, outcome, cause and the link to the run. */
const messageOf = (place, { outcome, reason, results }, runUrl) => {
    const culprit = (0,_request_js__WEBPACK_IMPORTED_MODULE_1__/* .culpritOf */ .RY)(results);
    const cause = culprit?.causes[0]?.reason;
    const lines = [
        `*${escaped(place)}*: ${culprit === undefined ? '' : `${escaped(culprit.service)} `}${outcome}`,
        escaped(culprit?.reason ?? reason ?? ''),
        cause === undefined || culprit?.reason?.includes(cause) ? '' : `Cause: ${escaped(cause)}`,
    ];
    const text = lines.filter((line) => line !== '').join('\n');
    const link = runUrl === '' ? '' : `\n<${runUrl}|See the run>`;
    return (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`) + link;
};
/** The three characters by which Slack tells text from its own marks. */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');


/***/ })

};
