export const id = 515;
export const ids = [515];
export const modules = {

/***/ 9515:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   prove: () => (/* binding */ prove)
/* harmony export */ });
/* harmony import */ var _lib_delivery_records_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5699);
/* harmony import */ var _lib_image_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(9449);
/* harmony import */ var _at_rest_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2443);
/* harmony import */ var _conclusion_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7530);
/* harmony import */ var _images_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(2327);
/* harmony import */ var _job_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(7837);
/* harmony import */ var _preflight_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8766);
/* harmony import */ var _release_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(596);
/* harmony import */ var _request_js__WEBPACK_IMPORTED_MODULE_8__ = __webpack_require__(5600);









/**
 * Proves that every service runs what its record says now, or brings it back to that: after infrastructure was changed, or failed to
 * be. What the plan would bring has no part in it, nothing new is recorded, and a hold does not stop it, since it moves nothing on.
 * A service that was never delivered is left to its first deployment.
 */
const prove = async (delivery, plan) => {
    const { job, limits, tools, onStarted, signal, records } = delivery;
    await delivery.session.guard();
    const { services, left } = await recordedServices(records, plan);
    const notes = left.map((reason) => `Left alone: ${reason}.`);
    for (const reason of left)
        tools.log.info(`left alone: ${reason}`);
    if (services.length === 0)
        return { ...(0,_conclusion_js__WEBPACK_IMPORTED_MODULE_4__/* .concluded */ ._)([], [...notes, 'Nothing was delivered yet.']), outcome: 'no-change' };
    const { plan: _, ...rest } = job;
    const looked = await (0,_at_rest_js__WEBPACK_IMPORTED_MODULE_1__/* .lookAtRest */ .B)({ ...delivery, job: { ...rest, services } }, plan);
    if (looked === undefined)
        return (0,_at_rest_js__WEBPACK_IMPORTED_MODULE_1__/* .stoppedWaiting */ .$)(signal);
    const { inspected, images } = looked;
    // One that was delivered stands at 0 only where somebody, or a change of infrastructure that was taken back, has put it there.
    const awake = inspected.filter(({ request, running }) => running.count > 0 || request.initialCount !== undefined);
    (0,_preflight_js__WEBPACK_IMPORTED_MODULE_2__/* .refuseUnfit */ .Pt)(awake, images);
    const options = { ...limits, onFailure: 'keep' };
    const proven = await (0,_release_js__WEBPACK_IMPORTED_MODULE_3__/* .deployRelease */ .H_)(awake, options, { ...tools, aliases: (0,_images_js__WEBPACK_IMPORTED_MODULE_5__/* .aliasesOf */ .QI)(images), onStarted }, signal);
    const results = inspected.map((service) => proven[awake.indexOf(service)] ?? asleep(service));
    return (0,_conclusion_js__WEBPACK_IMPORTED_MODULE_4__/* .concluded */ ._)(results, [...notes, ...moved(inspected, results)]);
};
/** The services of a plan that were delivered before, each with the image of its record; and why others are left alone. */
const recordedServices = async (records, { project, environment, services }) => {
    const names = (0,_lib_delivery_records_js__WEBPACK_IMPORTED_MODULE_0__/* .recordNames */ .eq)(project, environment);
    const [values, history] = await Promise.all([
        records.read(services.map(({ name }) => names.image(name))),
        records.history(names.release),
    ]);
    const releases = (0,_lib_delivery_records_js__WEBPACK_IMPORTED_MODULE_0__/* .releaseHistory */ .Cb)(history.map((value) => ({ at: 0, value })), names.release).map(({ release }) => release);
    const found = services.map((service) => {
        const image = values.get(names.image(service.name));
        if (image === undefined)
            return `${service.name} has no image on record`;
        if ((0,_lib_image_js__WEBPACK_IMPORTED_MODULE_6__/* .parseImage */ .zZ)(image)?.digest === undefined) {
            throw new Error(`the parameter ${names.image(service.name)} holds no image with a digest; restore an earlier version of it`);
        }
        if (!releases.some((release) => Object.hasOwn(release.services, service.name)))
            return `${service.name} was never delivered, so that there is nothing to go back to`;
        return (0,_job_js__WEBPACK_IMPORTED_MODULE_7__/* .recordedService */ .KW)(service, image, tagOf(image, releases));
    });
    const chosen = found.filter((each) => typeof each !== 'string');
    const isChosen = (name) => chosen.some((service) => service.name === name);
    return {
        services: chosen.map((service) => ({ ...service, dependsOn: service.dependsOn.filter(isChosen) })),
        left: found.filter((each) => typeof each === 'string'),
    };
};
/** By which content tag the image was delivered. */
const tagOf = (image, releases) => {
    const digest = (0,_lib_image_js__WEBPACK_IMPORTED_MODULE_6__/* .parseImage */ .zZ)(image)?.digest;
    const delivered = releases.flatMap(({ images }) => Object.values(images));
    return delivered.findLast((each) => each.digest === digest)?.tag;
};
const asleep = (service) => (0,_request_js__WEBPACK_IMPORTED_MODULE_8__/* .resultOf */ .Bg)(service, 'no-change', { reason: 'it asks for 0 tasks, so that nothing can be proven' });
const moved = (inspected, results) => results.flatMap(({ service, outcome }, index) => {
    if (outcome !== 'succeeded')
        return [];
    const wasAsleep = inspected[index]?.running.count === 0;
    return [
        `${service} ${wasAsleep ? 'stood at 0 tasks, and was started again with the recorded image' : 'ran another image than the recorded one, and was brought back to that'}.`,
    ];
});


/***/ })

};
