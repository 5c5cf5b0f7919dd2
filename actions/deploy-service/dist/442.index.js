export const id = 442;
export const ids = [442];
export const modules = {

/***/ 9442:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   deploymentPlan: () => (/* binding */ deploymentPlan)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8816);

const planned = {
    /** Name of the service in `delivery.json`. */
    name: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    /** Name of its image in `release.images`. */
    image: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    /** Services of this plan that must be proven before this one starts. */
    dependsOn: zod__WEBPACK_IMPORTED_MODULE_0__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP()),
    /** Run once, and to the end, before anything is deployed. Must be idempotent: a killed run runs it again. */
    preDeploy: zod__WEBPACK_IMPORTED_MODULE_0__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP()).optional(),
    /** Address that answers with the content tag in the field `version`: `/version` of the service's `url`. */
    smokeUrl: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP().optional(),
};
const ecs = zod__WEBPACK_IMPORTED_MODULE_0__/* .strictObject */ .rej({
    ...planned,
    target: zod__WEBPACK_IMPORTED_MODULE_0__/* .literal */ .euz('ecs'),
    cluster: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    service: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    /** The container of the task definition that gets the image. */
    container: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    /** CloudWatch alarms that roll a deployment back when they go off during it; the service is given exactly these. */
    alarms: zod__WEBPACK_IMPORTED_MODULE_0__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP()).optional(),
    /** Tasks to start where the service was created with none; afterwards the count belongs to the service. */
    count: zod__WEBPACK_IMPORTED_MODULE_0__/* .int */ .Whr().min(0),
});
const lambda = zod__WEBPACK_IMPORTED_MODULE_0__/* .strictObject */ .rej({
    ...planned,
    target: zod__WEBPACK_IMPORTED_MODULE_0__/* .literal */ .euz('lambda'),
    functions: zod__WEBPACK_IMPORTED_MODULE_0__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_0__/* .strictObject */ .rej({ name: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), command: zod__WEBPACK_IMPORTED_MODULE_0__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP()).optional() })),
    alias: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
});
const ec2 = zod__WEBPACK_IMPORTED_MODULE_0__/* .strictObject */ .rej({
    ...planned,
    target: zod__WEBPACK_IMPORTED_MODULE_0__/* .literal */ .euz('ec2'),
    tag: zod__WEBPACK_IMPORTED_MODULE_0__/* .strictObject */ .rej({ key: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), value: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP() }),
});
const image = zod__WEBPACK_IMPORTED_MODULE_0__/* .strictObject */ .rej({
    /** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/PROJECT/NAME`, without tag or digest. */
    repository: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    /** The content tag, `src-…`. */
    tag: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    /** `sha256:…`; absent until the image is built or found. */
    digest: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP().optional(),
});
/**
 * What one run brings to one environment, decided before anything changes. `plan-delivery` makes it, `deploy-service`
 * carries it out and reads nothing else: no `delivery.json`.
 */
const deploymentPlan = zod__WEBPACK_IMPORTED_MODULE_0__/* .strictObject */ .rej({
    version: zod__WEBPACK_IMPORTED_MODULE_0__/* .literal */ .euz(1),
    project: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    environment: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    account: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    region: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    /** ARN of the role that deploys to this environment. */
    role: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(),
    /** `first`: images are built here. `promotion`: they were verified in the environment named by `from`. */
    kind: zod__WEBPACK_IMPORTED_MODULE_0__/* ["enum"] */ .k5n(['first', 'promotion']),
    from: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP().optional(),
    release: zod__WEBPACK_IMPORTED_MODULE_0__/* .strictObject */ .rej({ commit: zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), images: zod__WEBPACK_IMPORTED_MODULE_0__/* .record */ .g1P(zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), image) }),
    /** Every service of the environment; one comes after all that it depends on. */
    services: zod__WEBPACK_IMPORTED_MODULE_0__/* .array */ .YOg(zod__WEBPACK_IMPORTED_MODULE_0__/* .discriminatedUnion */ .gMt('target', [ecs, lambda, ec2])),
});


/***/ })

};
