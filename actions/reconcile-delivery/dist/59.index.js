export const id = 59;
export const ids = [59];
export const modules = {

/***/ 5059:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   ecsPlatform: () => (/* binding */ ecsPlatform)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(212);
/* harmony import */ var _lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9794);


/** The most that one DescribeServices and one DescribeTasks take (API reference). */
const SERVICES = 10;
const TASKS = 100;
/** Services that are asked for at the same time: ECS throttles an account that asks for a hundred. */
const AT_ONCE = 10;
/** What ECS runs: digests as its tasks report them, not as task definitions ask for them. */
const ecsPlatform = (session) => {
    const ecs = session.client(_aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_1__/* .ECSClient */ .Zgc);
    const describe = async (cluster, services) => {
        const answers = await Promise.all(inBatches(services, SERVICES).map((batch) => (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('ecs:DescribeServices', () => ecs.send(new _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_1__/* .DescribeServicesCommand */ .H7c({ cluster, services: batch }))))).catch((error) => {
            if ((0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .isNamed */ .ev)(error, 'ClusterNotFoundException'))
                return undefined;
            throw error;
        });
        return answers?.flatMap(({ services: found = [] }) => found);
    };
    const tasksOf = async (cluster, service) => {
        const arns = await (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('ecs:ListTasks', async () => {
            const found = [];
            const input = { cluster, serviceName: service, desiredStatus: 'RUNNING' };
            for await (const page of (0,_aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_1__/* .paginateListTasks */ ._rc)({ client: ecs }, input))
                found.push(...(page.taskArns ?? []));
            return found;
        });
        const answers = await Promise.all(inBatches(arns, TASKS).map((tasks) => (0,_lib_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .call */ .T1)('ecs:DescribeTasks', () => ecs.send(new _aws_sdk_client_ecs__WEBPACK_IMPORTED_MODULE_1__/* .DescribeTasksCommand */ .z8X({ cluster, tasks })))));
        return answers.flatMap(({ tasks = [] }) => tasks);
    };
    return {
        look: async (places) => {
            const clusters = [...new Set(places.map(({ cluster }) => cluster))];
            const described = new Map(await Promise.all(clusters.map(async (cluster) => {
                const services = places.filter((place) => place.cluster === cluster).map(({ service }) => service);
                return [cluster, await describe(cluster, [...new Set(services)])];
            })));
            const lookAt = async ({ cluster, service: name, container }) => {
                const services = described.get(cluster);
                if (services === undefined)
                    return { state: 'missing', reason: `there is no cluster ${cluster}` };
                const service = services.find(({ serviceName, status }) => serviceName === name && status === 'ACTIVE');
                if (service === undefined)
                    return { state: 'missing', reason: `cluster ${cluster} has no active service ${name}` };
                return { ...seen(service), running: digests(await tasksOf(cluster, name), container) };
            };
            const live = [];
            for (const some of inBatches(places, AT_ONCE))
                live.push(...(await Promise.all(some.map(lookAt))));
            return live;
        },
    };
};
const seen = ({ desiredCount = 0, deployments = [] }) => {
    const primary = deployments.find(({ status }) => status === 'PRIMARY');
    return { state: 'seen', desired: desiredCount, changing: primary?.rolloutState === 'IN_PROGRESS' && desiredCount > 0 };
};
const digests = (tasks, container) => {
    const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING');
    const counts = {};
    for (const { containers = [] } of running) {
        const digest = containers.find(({ name }) => name === container)?.imageDigest ?? 'unknown';
        counts[digest] = (counts[digest] ?? 0) + 1;
    }
    return counts;
};
const inBatches = (items, size) => Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));


/***/ })

};
