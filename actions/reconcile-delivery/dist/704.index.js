export const id = 704;
export const ids = [704];
export const modules = {

/***/ 2704:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   gitHubDeployments: () => (/* binding */ gitHubDeployments),
/* harmony export */   gitHubRuns: () => (/* binding */ gitHubRuns)
/* harmony export */ });
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Younger ones are under way; older ones were seen by many boards before. Each costs a request. */
const YOUNGEST = HOUR;
const OLDEST = 30 * DAY;
const MOST = 10;
const ENDED = ['success', 'failure', 'error', 'inactive'];
const WORKFLOW = 'deliver.yml';
/** How the name of the job that plans begins; GitHub shows one of a called workflow as `Plan / Plan`. */
const PLAN = 'Plan';
const gitHubDeployments = ({ rest, owner, repo }, now) => ({
    open: async (environment) => {
        const { data } = await rest.repos.listDeployments({ owner, repo, environment, per_page: 100 });
        const old = data
            .map(({ id, created_at, payload }) => ({ id, at: Date.parse(created_at), service: serviceOf(payload) }))
            .filter(({ at }) => now - at > YOUNGEST && now - at < OLDEST)
            .slice(0, MOST);
        const looked = await Promise.all(old.map(async (deployment) => {
            const request = { owner, repo, deployment_id: deployment.id, per_page: 1 };
            const [newest] = (await rest.repos.listDeploymentStatuses(request)).data;
            const state = newest?.state ?? 'pending';
            return ENDED.includes(state) ? [] : [{ ...deployment, state }];
        }));
        return looked.flat();
    },
});
const serviceOf = (payload) => {
    const { service } = (typeof payload === 'string' ? parsed(payload) : (payload ?? {}));
    return typeof service === 'string' ? service : 'a service';
};
const parsed = (text) => {
    try {
        return JSON.parse(text) ?? {};
    }
    catch {
        return {};
    }
};
const gitHubRuns = ({ rest, owner, repo }) => ({
    newest: async (branch, commit) => {
        const request = { owner, repo, branch, head_sha: commit, per_page: 50 };
        const { data } = await rest.actions.listWorkflowRunsForRepo(request);
        return data.workflow_runs
            .filter(({ path }) => path.split('@')[0]?.endsWith(`/${WORKFLOW}`))
            .map(({ id, status, conclusion, event, html_url }) => ({
            id,
            status: status ?? '',
            conclusion: conclusion ?? '',
            event,
            url: html_url,
        }));
    },
    refused: async (run) => {
        const { data } = await rest.actions.listJobsForWorkflowRun({ owner, repo, run_id: run, per_page: 100 });
        return data.jobs.some(({ name, conclusion }) => name.startsWith(PLAN) && conclusion === 'failure');
    },
    start: async (branch) => {
        await rest.actions.createWorkflowDispatch({ owner, repo, workflow_id: WORKFLOW, ref: branch });
    },
});


/***/ })

};
