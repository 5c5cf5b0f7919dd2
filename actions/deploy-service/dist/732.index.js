export const id = 732;
export const ids = [732];
export const modules = {

/***/ 1732:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  gitHubDeployments: () => (/* binding */ gitHubDeployments)
});

// EXTERNAL MODULE: ./build/lib/refusal.js
var refusal = __webpack_require__(3240);
;// CONCATENATED MODULE: ./build/lib/github/explain.js

/** What an octokit request rejects with; undefined for every other error. */
const failedRequest = (error) => {
    if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number')
        return undefined;
    return { status: error.status, message: withoutLink(error.message), headers: headersOf(error) };
};
/** For every request: octokit itself waits for an answer as long as it takes. */
const limited = () => ({ request: { signal: AbortSignal.timeout(30_000) } });
/**
 * Turns GitHub's answer into words: what was tried, what GitHub said, what to change. `permission` is the line that the
 * job's `permissions` need, `pull-requests: write`. Rejects with a `Refusal`; an error that is no answer is kept as cause.
 */
const inWords = async (what, permission, request) => {
    try {
        return await request();
    }
    catch (cause) {
        if (cause instanceof refusal/* Refusal */.P)
            throw cause;
        throw new refusal/* Refusal */.P(`${what}: ${remedy(cause, permission)}`, { cause });
    }
};
const remedy = (error, permission) => {
    const failed = failedRequest(error);
    if (failed === undefined)
        return `GitHub could not be asked: ${error instanceof Error ? error.message : error}`;
    const { status, message, headers } = failed;
    if (status === 401)
        return "GitHub does not know the token (401): give the job's own, github.token, as input 'github-token'";
    if (isRateLimit(failed))
        return `GitHub's rate limit is used up${explain_reset(headers)}; run the job again then`;
    if (status === 403)
        return `the token may not (403, ${message}): give the job 'permissions: ${permission}'`;
    if (status === 404) {
        return `GitHub shows the token no such thing (404): it is gone, or the job lacks 'permissions: ${permission}'`;
    }
    // Octokit reports a connection that failed as a 500 of its own.
    return status >= 500 ? `GitHub failed (${status}, ${message}); run the job again` : `GitHub refused (${status}): ${message}`;
};
const isRateLimit = ({ status, message, headers }) => status === 429 || (status === 403 && (headers['x-ratelimit-remaining'] === '0' || /rate limit/i.test(message)));
const explain_reset = (headers) => {
    const seconds = Number(headers['x-ratelimit-reset']);
    return seconds > 0 ? ` until ${new Date(seconds * 1000).toISOString()}` : '';
};
/** Octokit ends its messages with the address of the reference page. */
const withoutLink = (message) => message
    .replace(/ - https:\/\/\S+$/, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 300);
const headersOf = (error) => {
    const response = 'response' in error ? error.response : undefined;
    if (typeof response !== 'object' || response === null || !('headers' in response))
        return {};
    return typeof response.headers === 'object' && response.headers !== null ? { ...response.headers } : {};
};

;// CONCATENATED MODULE: ./build/lib/github/deployments.js

/** Deployments that are looked at, and requests at a time: GitHub asks not to be sent many at once. */
const MOST = 300;
const PAGE = 100;
const AT_ONCE = 8;
/** Reads what `deploymentStatuses` has written. Rejects with a `Refusal` in words. */
const gitHubDeployments = (client, timeout = 10_000) => ({
    history: (environment, isAsked = () => true) => inWords(`the deployments of ${environment}`, 'deployments: read', async () => {
        const { found, isWhole } = await list(client, environment, timeout);
        const asked = found.filter(({ payload }) => isAsked(payload));
        const attempts = [];
        for (let from = 0; from < asked.length; from += AT_ONCE) {
            const some = asked.slice(from, from + AT_ONCE);
            attempts.push(...(await Promise.all(some.map((deployment) => attemptOf(client, deployment, timeout)))));
        }
        return { attempts, count: found.length, isWhole };
    }),
});
const list = async ({ rest, owner, repo }, environment, timeout) => {
    const found = [];
    for (let page = 1; page <= MOST / PAGE; page += 1) {
        const request = { signal: AbortSignal.timeout(timeout) };
        const { data } = await rest.repos.listDeployments({ owner, repo, environment, per_page: PAGE, page, request });
        for (const { id, created_at, payload } of data) {
            const ours = payloadOf(payload);
            if (ours !== undefined)
                found.push({ id, startedAt: created_at, payload: ours });
        }
        if (data.length < PAGE)
            return { found, isWhole: true };
    }
    return { found, isWhole: false };
};
/** Newest first; to be replaced does not undo that it was verified. */
const attemptOf = async ({ rest, owner, repo }, { id, startedAt, payload }, timeout) => {
    const request = { signal: AbortSignal.timeout(timeout) };
    const { data } = await rest.repos.listDeploymentStatuses({ owner, repo, deployment_id: id, per_page: 30, request });
    const said = data.find(({ state }) => state !== 'inactive');
    const state = (said?.state === 'success' ? said : data[0])?.state ?? 'pending';
    return { ...payload, startedAt, state, ...(said?.state === 'success' && { verifiedAt: said.created_at }) };
};
/** The API gives a payload back as it was sent, or as the text of its JSON. Undefined for one that is not ours. */
const payloadOf = (payload) => {
    const parsed = typeof payload === 'string' ? parse(payload) : payload;
    if (typeof parsed !== 'object' || parsed === null)
        return undefined;
    const read = (name) => {
        const value = Reflect.get(parsed, name);
        return typeof value === 'string' ? value : '';
    };
    const [service, digest, tag] = [read('service'), read('digest'), read('tag')];
    if (service === '' || digest === '' || tag === '')
        return undefined;
    const rejects = read('rejects');
    return { service, digest, tag, release: read('release'), kind: read('kind'), ...(rejects !== '' && { rejects }) };
};
const parse = (text) => {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
};


/***/ })

};
