export const id = 205;
export const ids = [205];
export const modules = {

/***/ 7205:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  seed: () => (/* binding */ seed)
});

// EXTERNAL MODULE: ./build/lib/delivery/records.js
var delivery_records = __webpack_require__(5699);
;// CONCATENATED MODULE: ./build/lib/delivery/services.js

/** A service as it is in one environment: what `in` says of that environment is merged. */
const serviceIn = (service, environment) => {
    const adjusted = service.in?.[environment];
    if (adjusted === undefined)
        return service;
    return {
        ...service,
        ...adjusted,
        ...mergedKey('variables', service.variables, adjusted.variables),
        ...mergedKey('names', service.names, adjusted.names),
    };
};
const mergedKey = (key, base, over) => base === undefined && over === undefined ? {} : { [key]: { ...base, ...over } };
/** Where an ECS service is found: what `names` says, else what is derived. */
const ecsPlace = (project, environment, name, { names }) => {
    const derived = serviceNames(project, environment, name);
    return {
        cluster: names?.cluster ?? environmentNames(project, environment).cluster,
        service: names?.service ?? derived.service,
        container: names?.container ?? derived.container,
    };
};
/** Functions of a Lambda service; one named as the service where it declares none. */
const lambdaPlace = (project, environment, name, { names, functions }) => {
    const derived = serviceNames(project, environment, name);
    return {
        functions: Object.entries(functions ?? { [name]: {} }).map(([key, { command, smoke }]) => ({
            name: names?.function ?? derived.function(key),
            ...(command && { command }),
            ...(smoke !== undefined && { smoke }),
        })),
        alias: names?.alias ?? ALIAS,
    };
};
const ec2Place = (project, environment, name, { names }) => ({
    tag: names?.tag ?? { key: HOST_TAG, value: serviceNames(project, environment, name).hosts },
    document: names?.document ?? environmentNames(project, environment).document,
    service: name,
});
/** Stack that makes the service; undefined where `names` says that it exists already. */
const stackOf = (project, environment, name, { target, names }) => {
    const given = names ?? {};
    const isAdopted = { ecs: ['service', 'cluster'], lambda: ['function'], ec2: ['tag'] }[target].some((key) => given[key] !== undefined);
    return isAdopted ? undefined : stackName(project, environment, `service-${name}`);
};
/** Whether infrastructure needs the record of the service's image to make it; hosts read that when they start. */
const isSeeded = ({ stack, target }) => stack !== undefined && target !== 'ec2';
/** Names of the images that the services use, without repetition, in alphabetical order. */
const imagesInUse = ({ services }) => [...new Set(Object.values(services).map((service) => service.image))].toSorted();

// EXTERNAL MODULE: ./build/lib/image.js
var lib_image = __webpack_require__(9449);
// EXTERNAL MODULE: ./build/actions/deploy-service/src/conclusion.js
var conclusion = __webpack_require__(7530);
// EXTERNAL MODULE: ./build/actions/deploy-service/src/deliver.js + 4 modules
var deliver = __webpack_require__(9075);
// EXTERNAL MODULE: ./build/actions/deploy-service/src/images.js
var src_images = __webpack_require__(2327);
// EXTERNAL MODULE: ./build/actions/deploy-service/src/records.js + 1 modules
var src_records = __webpack_require__(134);
;// CONCATENATED MODULE: ./build/actions/deploy-service/src/seed.js







/**
 * Writes the `image` records of services that were never deployed, so that infrastructure can make them: each with the digest that is
 * delivered to it next, which must be in the registry, also over one that an earlier run has written. Deploys nothing, and records no release. A service that
 * exists already without infrastructure of ours is left alone: its first deployment records it, once it is proven. So is one on
 * hosts: no template names its image, and a host would start it before the pre-deploy command has run.
 */
const seed = async (delivery, given) => {
    const { job, registry, records, session, tools, limits } = delivery;
    const guard = session.guard();
    const reading = Promise.all([(0,src_images/* resolveImages */.Be)(job, registry), (0,src_records/* readRecords */.T)(records, given)]);
    await Promise.allSettled([guard, reading]);
    await guard;
    const [{ wanted, found }, recorded] = await reading;
    const plan = (0,src_images/* completePlan */.PB)(given, found);
    const names = (0,delivery_records/* recordNames */.eq)(plan.project, plan.environment);
    const seedable = plan.services.filter(isSeeded);
    const delivered = seedable.every(({ name }) => !recorded.images.has(name)) ? [] : await everDelivered(records, names.release);
    const missing = seedable.filter(({ name, image }) => {
        const before = recorded.images.get(name);
        if (before === undefined)
            return true;
        // With the image that an earlier run meant to deliver, which may be gone by now.
        return !delivered.includes(name) && before !== imageOf(plan, image);
    });
    if (missing.length === 0)
        return { ...(0,conclusion/* concluded */._)([], ['Every service has its image on record.']), outcome: 'no-change' };
    const outdated = (0,deliver/* requireGo */.e)(delivery, { plan, recorded, inspected: [], images: new Map() });
    if (outdated !== undefined)
        return { ...(0,conclusion/* concluded */._)([], [`Skipped: ${outdated}.`]), outcome: 'skipped' };
    const images = new Map(missing.map(({ name }) => [name, wanted.get(name) ?? []]));
    await (0,src_images/* requireImages */.Qu)(images, found, registry);
    const results = [];
    for (const { name, image } of missing) {
        const value = imageOf(plan, image);
        if (limits.dryRun)
            tools.log.info(`${name}: would record ${value}`);
        else
            await records.write(names.image(name), value);
        if (!limits.dryRun)
            tools.log.info(`recorded ${names.image(name)}`);
        results.push(seeded(name, (0,lib_image/* parseImage */.zZ)(value)?.digest ?? '', limits.dryRun ? 'skipped' : 'succeeded'));
    }
    const note = limits.dryRun ? 'dry run: would record' : 'Recorded';
    return (0,conclusion/* concluded */._)(results, [`${note} the first image of ${missing.map(({ name }) => name).join(', ')}; nothing was deployed.`]);
};
const imageOf = ({ release: { images } }, image) => {
    const { repository = '', digest = '' } = images[image] ?? {};
    return (0,lib_image/* pinned */.dp)(repository, digest);
};
/** Services of all releases that ever stood here, also of those that left one. */
const everDelivered = async (records, release) => {
    const values = await records.history(release);
    const history = (0,delivery_records/* releaseHistory */.Cb)(values.map((value) => ({ at: 0, value })), release);
    return history.flatMap((each) => Object.keys(each.release.services));
};
const seeded = (service, digest, outcome) => ({
    service,
    outcome,
    causes: [],
    digest,
    duration: 0,
});


/***/ })

};
