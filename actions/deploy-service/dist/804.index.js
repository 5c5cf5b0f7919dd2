export const id = 804;
export const ids = [804];
export const modules = {

/***/ 4804:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  tellSlack: () => (/* binding */ tellSlack)
});

// UNUSED EXPORTS: messageOf

// EXTERNAL MODULE: ./build/lib/aws/parameters.js
var parameters = __webpack_require__(8276);
// EXTERNAL MODULE: ./build/lib/refusal.js
var refusal = __webpack_require__(3240);
;// CONCATENATED MODULE: ./build/lib/slack/address.js

/** Hosts of Slack's webhooks and of its Web API. */
const SLACK = ['hooks.slack.com', 'hooks.slack-gov.com', 'slack.com', 'slack-gov.com'];
/**
 * The parts of an address that must not be printed: it as a whole and its last segment, which is all that protects a
 * webhook.
 */
const secretsOf = (address) => {
    const path = URL.canParse(address) ? new URL(address).pathname : address;
    return [address, path.split('/').findLast((part) => part !== '') ?? ''].filter((part) => part.length > 3);
};
/**
 * Refuses an address that is not Slack's. The address is in no message; `what` says where it came from. `isAllowed` takes
 * further hosts, with their port.
 */
const checkedAddress = (address, what, isAllowed = () => false) => {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url === undefined)
        throw new refusal/* Refusal */.P(`${what} is not an address; expected https://hooks.slack.com/services/…`);
    if (isAllowed(url.host))
        return address;
    if (url.protocol !== 'https:')
        throw new refusal/* Refusal */.P(`${what} does not begin with https://`);
    if (SLACK.includes(url.host))
        return address;
    throw new refusal/* Refusal */.P(`${what} is at ${url.host}, which is not Slack (${SLACK.join(', ')}); correct it`);
};

;// CONCATENATED MODULE: ./build/lib/slack/text.js
/** Words from elsewhere: the three characters by which Slack tells text from its own marks, so that they mention and link nothing. */
const inert = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

// EXTERNAL MODULE: ./build/actions/deploy-service/src/request.js
var request = __webpack_require__(5600);
;// CONCATENATED MODULE: ./build/actions/deploy-service/src/slack.js




/** Tells Slack how a red delivery ended. Sent once: a post whose answer got lost may have arrived. Rejects in words. */
const tellSlack = async ({ project, environment, slack = '' }, conclusion, { session, runUrl, mask, isLocal }) => {
    const address = await (0,parameters/* secretParameter */.sh)(session, slack);
    for (const secret of secretsOf(address))
        mask(secret);
    const text = messageOf(`${project} in ${environment}`, conclusion, runUrl);
    const answer = await fetch(checkedAddress(address, `the value of ${slack}`, isLocal ? isOfThisMachine : undefined), {
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
const isOfThisMachine = (host) => /^127\.0\.0\.1(:\d+)?$/.test(host);
/** Slack's limit for one text is 40,000 characters; what is read at a glance is far shorter. */
const LONGEST = 1_500;
/** Exported for its test: environment, service, outcome, cause and the link to the run. */
const messageOf = (place, { outcome, reason, results }, runUrl) => {
    const culprit = (0,request/* culpritOf */.RY)(results);
    const cause = culprit?.causes[0]?.reason;
    const lines = [
        `*${inert(place)}*: ${culprit === undefined ? '' : `${inert(culprit.service)} `}${outcome}`,
        inert(culprit?.reason ?? reason ?? ''),
        cause === undefined || culprit?.reason?.includes(cause) ? '' : `Cause: ${inert(cause)}`,
    ];
    const text = lines.filter((line) => line !== '').join('\n');
    const link = runUrl === '' ? '' : `\n<${runUrl}|See the run>`;
    return (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`) + link;
};


/***/ })

};
