export const id = 286;
export const ids = [286];
export const modules = {

/***/ 5286:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   deploymentStatuses: () => (/* binding */ deploymentStatuses)
/* harmony export */ });
const LONGEST = 140;
const deploymentStatuses = ({ rest, owner, repo }, { environment, commit, logUrl, timeout }) => {
    const at = { owner, repo };
    const request = () => ({ request: { signal: AbortSignal.timeout(timeout) } });
    const status = (deployment_id, state, description, url) => rest.repos.createDeploymentStatus({
        ...at,
        ...request(),
        deployment_id,
        state,
        description: shortened(description),
        // GitHub would end the deployments of all other services of the environment too.
        auto_inactive: false,
        ...(logUrl !== '' && { log_url: logUrl }),
        ...(url !== undefined && { environment_url: url }),
    });
    return {
        newest: async () => {
            const { data } = await rest.repos.listDeployments({ ...at, ...request(), environment, per_page: 100 });
            const newest = new Map();
            for (const { id, payload } of data) {
                const service = serviceOf(payload);
                if (service !== undefined && !newest.has(service))
                    newest.set(service, id);
            }
            return newest;
        },
        begin: async (payload, url) => {
            const { data } = await rest.repos.createDeployment({
                ...at,
                ...request(),
                ref: commit,
                environment,
                description: shortened(`${payload.service}: ${payload.tag}`),
                payload,
                auto_merge: false,
                required_contexts: [],
                transient_environment: false,
                production_environment: /^prod(uction)?$/.test(environment),
            });
            if (!('id' in data))
                throw new Error(`GitHub made no deployment: ${data.message ?? 'no reason given'}`);
            await status(data.id, 'in_progress', 'under way', url);
            return data.id;
        },
        end: async (id, state, description, url) => {
            await status(id, state, description, url);
        },
    };
};
/** The API gives a payload back as it was sent, or as the text of its JSON. */
const serviceOf = (payload) => {
    const parsed = typeof payload === 'string' ? parse(payload) : payload;
    if (typeof parsed !== 'object' || parsed === null || !('service' in parsed))
        return undefined;
    return typeof parsed.service === 'string' ? parsed.service : undefined;
};
const parse = (text) => {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
};
/** GitHub refuses a longer description. */
const shortened = (text) => {
    const characters = [...text.replaceAll(/\s+/g, ' ')];
    return characters.length <= LONGEST ? characters.join('') : `${characters.slice(0, LONGEST - 1).join('')}…`;
};


/***/ })

};
