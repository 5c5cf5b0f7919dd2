export const id = 799;
export const ids = [799];
export const modules = {

/***/ 2799:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  deploymentPlan: () => (/* binding */ deploymentPlan)
});

// UNUSED EXPORTS: KINDS

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 11 modules
var schemas = __webpack_require__(2857);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/iso.js
var iso = __webpack_require__(4377);
;// CONCATENATED MODULE: ./build/lib/delivery/schema/fields.js

/**
 * The message of every field completes the sentence "PATH must be …", so that one place can add the path, the value
 * received and the position.
 */
const fields_text = (pattern, expected, description) => schemas/* string */.YjP({ error: expected }).regex(pattern, { error: expected }).describe(description);
const whole = (least, most, description) => {
    const error = `a whole number from ${least} to ${most}`;
    return schemas/* int */.Whr({ error }).min(least, { error }).max(most, { error }).describe(description);
};
const list = (item, example, description, most = 100) => {
    const error = `a list of 1 to ${most} entries without repetition, for example ${example}`;
    return schemas/* array */.YOg(item, { error })
        .min(1, { error })
        .max(most, { error })
        .refine((items) => new Set(items.map((entry) => JSON.stringify(entry))).size === items.length, { error })
        .describe(description);
};
/** An object with exactly these keys. Its message for an unknown key lists the known ones, parted by commas. */
const section = (shape, description) => schemas/* strictObject */.rej(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join() : 'an object') })
    .describe(description);
/** An object whose keys are names that the user chooses. The names are checked by `checkNames`, with better words. */
const named = (value, pattern, description) => z
    .record(z.string().meta({ pattern: pattern.source }), value, { error: 'an object with a name for each entry' })
    .describe(description);
/** Lower case, because roles, repositories and clusters are named after it and ECR takes no capitals. */
const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const NAME_EXPECTED = 'lower-case letters and digits parted by single hyphens, beginning with a letter, for example web-api';
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const VARIABLE_EXPECTED = 'the name of an environment variable, for example LOG_LEVEL';
const variableName = (description) => fields_text(VARIABLE, VARIABLE_EXPECTED, description);
/** Values are strings, as in a process: a number or a boolean is written in quotes. */
const variables = (description) => z
    .record(z.string().regex(VARIABLE, { error: VARIABLE_EXPECTED }), z.string({ error: 'text in quotes' }), {
    error: 'an object of names and values, for example { "LOG_LEVEL": "info" }',
})
    .describe(description);
const account = (description) => fields_text(/^\d{12}$/, '12 digits in quotes, for example "111111111111"', description);
const region = (description) => fields_text(/^(?:us-gov|cn|eusc|af|ap|ca|eu|il|me|mx|sa|us)(?:-[a-z]+)+-\d{1,2}$/, 'an AWS region, for example "eu-west-1"', description);
const path = (description) => fields_text(/^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))[^\\\0\n]+$/, "a path from the root of the repository without '..', for example services/api", description);
const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 };
const duration = (least, most, description) => {
    const error = `a duration from ${least} to ${most} with its unit (s, m, h or d), for example "${most}"`;
    return schemas/* string */.YjP({ error })
        .regex(/^\d{1,6}[smhd]$/, { error })
        .refine((value) => seconds(value) >= seconds(least) && seconds(value) <= seconds(most), { error })
        .describe(description);
};
/** Seconds of a duration that the schema has accepted, `30m`. */
const seconds = (duration) => Number(duration.slice(0, -1)) * SECONDS[duration.slice(-1)];
const command = (description) => {
    const error = 'a list of words, for example ["node", "dist/migrate.js"]';
    return z
        .array(z.string({ error: 'text in quotes' }).min(1, { error }), { error })
        .min(1, { error })
        .describe(description);
};

;// CONCATENATED MODULE: ./build/lib/delivery/schema/budget.js


const LIMIT = 'an amount above 0, for example 100';
/** AWS Budgets takes five notifications a budget (CreateBudget, API reference). */
const MOST = { actual: 3, forecast: 2 };
const percentages = (of, description) => list(whole(1, 1000, 'Percentage of the limit.'), of === 'actual' ? '[80, 100]' : '[100]', description, MOST[of]);
const budget = section({
    name: fields_text(NAME, NAME_EXPECTED, 'Word that tells this budget from the others of the environment; AWS calls it <project>-<environment>-<name>. Default: none, <project>-<environment> for the first one.').optional(),
    limit: schemas/* number */.aig({ error: LIMIT })
        .positive({ error: LIMIT })
        .describe('Amount a month, of money or, with `usage`, of its unit.'),
    currency: fields_text(/^[A-Z]{3}$/, 'a currency of three capitals, for example "USD"', 'Currency of the limit: the one that AWS bills in. Default: USD.').optional(),
    service: fields_text(/^\S.{0,255}$/, 'the name of a service in Cost Explorer, for example "Amazon Elastic Compute Cloud - Compute"', 'Counts this service of AWS alone. With a limit of 1 it tells that something runs which nobody expects.').optional(),
    usage: fields_text(/^\S.{0,255}$/, 'a usage type group of Cost Explorer, for example "EC2: Running Hours"', 'Counts use, not money: a usage type group of Cost Explorer. Goes with `unit`.').optional(),
    unit: fields_text(/^[A-Za-z][\w -]{0,63}$/, 'the unit in which AWS counts it, for example "Hrs" or "GB"', 'Unit of the limit where `usage` is counted, as Cost Explorer has it.').optional(),
    thresholds: section({
        actual: percentages('actual', 'Percentages of the limit that were spent. Default: 80 and 100.').optional(),
        forecast: percentages('forecast', 'Percentages of the limit that are forecasted for the month. Default: 100.').optional(),
    }, 'When it tells: once each a month.').optional(),
}, 'A monthly budget.').refine(({ usage, unit, currency }) => (usage === undefined) === (unit === undefined) && !(usage && currency), {
    error: 'a budget of money, or one that has usage, unit and no currency',
});

;// CONCATENATED MODULE: ./build/lib/delivery/schema/network.js


const oneOf = (values, description) => schemas/* enum */.k5n(values, { error: `one of ${values.join(', ')}` }).describe(description);
/** Interface endpoints that a network may have, by the name of their service. */
const ENDPOINTS = [
    ...['cloudformation', 'ecr.api', 'ecr.dkr', 'logs', 'monitoring'],
    ...['secretsmanager', 'ssm', 'ssmmessages', 'sts'],
];
/** Retention times that CloudWatch Logs knows, in days. */
const DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];
const KEPT = `for how many days they are kept: one of ${DAYS.join(', ')}`;
/** How long something in CloudWatch Logs is kept. */
const keptFor = (description, error = KEPT) => schemas/* int */.Whr({ error })
    .refine((days) => DAYS.includes(days), { error })
    .describe(description);
const network = section({
    cidr: fields_text(/^(?:10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.\d{1,3}\.\d{1,3}\/(?:1[6-9]|2[0-4])$/, 'a private range of addresses from /16 to /24, for example "10.20.0.0/16"', 'Addresses of the network. Default: 10.0.0.0/16.').optional(),
    zones: whole(1, 3, 'In how many availability zones it is. A load balancer needs two. Default: 2.').optional(),
    subnets: oneOf(['private', 'public'], 'Where services run. `private`: without an address of their own. `public`: each with a public address, which saves the NAT gateway; only the load balancer is let in. Default: private.').optional(),
    nat: oneOf(['none', 'one', 'per-zone'], 'NAT gateways, by which private subnets reach the internet. `one` is cheaper, `per-zone` survives the loss of a zone. Default: one where services run in private subnets, else none.').optional(),
    endpoints: list(oneOf(ENDPOINTS, 'A service of AWS.'), '["ecr.api", "ecr.dkr", "logs"]', 'Services of AWS that are reached inside the network, each at a price by the hour and zone. That of S3 is always there and free. Default: none.').optional(),
    flowLogs: schemas/* union */.KCZ([schemas/* literal */.euz(false), keptFor('Days.', `false, or ${KEPT}`)], { error: `false, or ${KEPT}` })
        .describe('For how many days the record of connections is kept; `false` records none. Default: 30.')
        .optional(),
}, 'The network of an environment. Made where a service on ecs or ec2 is not one that exists already.');

;// CONCATENATED MODULE: ./build/lib/delivery/schema/cluster.js



const cluster_KEPT = 'false, or for how many days it is kept, from 1 to 3650';
const INSIGHTS = ['off', 'on', 'enhanced'];
/** What the services on ECS of an environment have in common. */
const cluster = section({
    insights: schemas/* enum */.k5n(INSIGHTS, { error: `one of ${INSIGHTS.join(', ')}` })
        .describe('Container Insights of CloudWatch, at a price by metric. Default: on where the environment is protected, else off.')
        .optional(),
    accessLogs: schemas/* union */.KCZ([schemas/* literal */.euz(false), schemas/* int */.Whr({ error: cluster_KEPT }).min(1, { error: cluster_KEPT }).max(3650, { error: cluster_KEPT })], { error: cluster_KEPT })
        .describe('For how many days the record of requests is kept in S3; `false` records none. Default: 90 where the environment is protected, else false.')
        .optional(),
    shellLogs: keptFor('For how many days it is kept what was typed with `shell`. Default: 365.').optional(),
    instances: section({
        type: fields_text(/^[a-z][a-z0-9-]*\.(?:nano|micro|small|medium|large|metal|\d{0,2}xlarge)$/, 'an instance type, for example "m7i.large"', 'Type of the instances. Default: t3.medium, or t4g.medium for images of linux/arm64.').optional(),
        most: whole(1, 100, 'How many there may be. There are as many as the tasks need. Default: 4.').optional(),
    }, 'Container instances for services with "capacity": "ec2". They stay as long as this is given, also while no service runs on them; `{}` is enough.').optional(),
}, 'What the services on ECS have in common. Made where one of them is not one that exists already.');

;// CONCATENATED MODULE: ./build/lib/delivery/schema/environment.js





const environment_DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const day = schemas/* enum */.k5n(environment_DAYS, { error: `one of ${environment_DAYS.join(', ')}` }).describe('A day of the week.');
const time = (description) => fields_text(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of day from 00:00 to 23:59, for example "08:00"', description);
const TIMEZONE = 'a time zone of the IANA database, for example "Europe/Zurich"';
const isTimezone = (name) => {
    try {
        return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
    }
    catch {
        return false;
    }
};
const environment_window = section({
    days: list(day, '["mon", "tue"]', 'Days on which promotions may start.', 7),
    from: time('Time of day from which promotions may start.'),
    to: time('Time of day before which promotions must have started. Later than `from`: a window does not span midnight.'),
    timezone: schemas/* string */.YjP({ error: TIMEZONE })
        .refine(isTimezone, { error: TIMEZONE })
        .describe('Time zone of the days and times, by its IANA name; summer time is followed.'),
}, 'When promotions to this environment may start. Outside of it they stay pending and are tried again. Rollbacks and hotfixes pass.').refine(({ from, to }) => from < to, { error: 'a window whose from is before its to' });
const date = (description) => {
    const error = 'a date as YEAR-MONTH-DAY, for example "2026-12-20"';
    return iso/* date */.p6({ error }).describe(description);
};
const freeze = section({
    from: date('First day of the freeze.'),
    to: date('Last day of the freeze, which it includes.'),
    reason: fields_text(/\S/, 'a reason in words', 'Why; shown wherever a promotion waits for it.'),
}, 'Days on which nothing is promoted here, in the time zone of `window`, or in UTC where there is none.').refine(({ from, to }) => from <= to, { error: 'a freeze whose from is not after its to' });
const BRANCH = /^(?!.*(?:\.\.|\/\/|\.lock$|\/$|\.$))[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/;
const environment = section({
    branch: fields_text(BRANCH, 'the full name of one branch without wildcards, for example "main"', 'Branch whose pushes are delivered here. Upper and lower case count.'),
    account: account('AWS account of this environment: 12 digits in quotes.'),
    region: region('AWS region of this environment.'),
    promotesFrom: fields_text(NAME, NAME_EXPECTED, 'Environment in which an image must have been verified before it comes here. Without it, images are built for this environment.').optional(),
    soak: duration('1s', '30d', 'How long a release must have stood verified in `promotesFrom` before it may come here, `30m`. Default: not at all.').optional(),
    window: environment_window.optional(),
    freeze: list(freeze, '[{ "from": "2026-12-20", "to": "2027-01-03", "reason": "…" }]', 'Days without promotions.').optional(),
    reviewers: list(fields_text(/^[A-Za-z0-9][\w-]*(?:\/[A-Za-z0-9][\w.-]*)?$/, 'a GitHub user, or a team as "acme/platform"', 'A user or a team.'), '["octocat", "acme/platform"]', 'GitHub users and teams of whom one approves each deployment. GitHub takes at most 6.', 6).optional(),
    domain: fields_text(/^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'a domain name in lower case, for example "example.org"', 'Domain of the public addresses of this environment.').optional(),
    zone: fields_text(/^Z[A-Z0-9]{5,31}$/, 'the id of a hosted zone, for example "Z0123456789ABCDEFGHIJ"', 'Id of the hosted zone of `domain` in Route 53, in the account of this environment. Names and certificates are made there.').optional(),
    certificate: fields_text(/^arn:aws(?:-[a-z]+)*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/, 'the ARN of a certificate, for example "arn:aws:acm:eu-west-1:111111111111:certificate/…"', 'ARN of a certificate for `domain` and the names below it, in the account and region of this environment. Default: made and renewed in `zone`.').optional(),
    slack: fields_text(/^(?:\/[A-Za-z0-9_.-]+){1,15}$/, 'the name of an SSM parameter, for example "/shop/prod/slack"', 'SSM SecureString of this environment that holds the address of a Slack webhook: it hears of failed deployments and of the budget.').optional(),
    protect: schemas/* boolean */.zMY({ error: 'true or false' })
        .describe('Whether stacks here cannot be deleted and what they keep outlives them. Default: true where nothing is promoted further.')
        .optional(),
    network: network.optional(),
    cluster: cluster.optional(),
    budgets: list(budget, '[{ "limit": 100 }]', 'What this environment may cost. AWS tells Slack, where `slack` is given, when it is more.', 20).optional(),
}, 'A place where the services run.');

;// CONCATENATED MODULE: ./build/lib/delivery/plan.js


const planned = {
    /** Name of the service in `delivery.json`. */
    name: schemas/* string */.YjP(),
    /** Name of its image in `release.images`. */
    image: schemas/* string */.YjP(),
    /** Stack of infrastructure that makes the service; absent where it exists already. */
    stack: schemas/* string */.YjP().optional(),
    /** Services of this plan that must be proven before this one starts. */
    dependsOn: schemas/* array */.YOg(schemas/* string */.YjP()),
    /** Run once, and to the end, before anything is deployed. Must be idempotent: a killed run runs it again. */
    preDeploy: schemas/* array */.YOg(schemas/* string */.YjP()).optional(),
    /** Where the service is reached from outside; shown with its GitHub Deployment. */
    url: schemas/* string */.YjP().optional(),
    /** Address that answers with the content tag in the field `version`: `/version` of the service's `url`. */
    smokeUrl: schemas/* string */.YjP().optional(),
};
const ecs = schemas/* strictObject */.rej({
    ...planned,
    target: schemas/* literal */.euz('ecs'),
    cluster: schemas/* string */.YjP(),
    service: schemas/* string */.YjP(),
    /** The container of the task definition that gets the image. */
    container: schemas/* string */.YjP(),
    /** CloudWatch alarms that roll a deployment back when they go off during it; the service is given exactly these. */
    alarms: schemas/* array */.YOg(schemas/* string */.YjP()).optional(),
    /** Tasks to start where the service was created with none; afterwards the count belongs to the service. */
    count: schemas/* int */.Whr().min(0),
});
const lambda = schemas/* strictObject */.rej({
    ...planned,
    target: schemas/* literal */.euz('lambda'),
    /** All of them get the image, together or not at all. */
    functions: schemas/* array */.YOg(schemas/* strictObject */.rej({
        name: schemas/* string */.YjP(),
        /** What infrastructure has the function run; looked at, never set, by a deployment. */
        command: schemas/* array */.YOg(schemas/* string */.YjP()).optional(),
        /** Asked of the new version before it gets traffic: `version`, or an event that it must take without an error. */
        smoke: schemas/* union */.KCZ([schemas/* literal */.euz('version'), schemas/* record */.g1P(schemas/* string */.YjP(), schemas/* json */.Pq9())]).optional(),
    }))
        .min(1),
    alias: schemas/* string */.YjP(),
    /** Share of the traffic that the new version gets, and for how long, milliseconds, before the next step; then all of it. */
    traffic: schemas/* array */.YOg(schemas/* strictObject */.rej({ percent: schemas/* int */.Whr().min(1).max(99), for: schemas/* int */.Whr().min(0) })).optional(),
    /** CloudWatch alarms that send the traffic back when they go off during the steps. */
    alarms: schemas/* array */.YOg(schemas/* string */.YjP()).optional(),
});
const ec2 = schemas/* strictObject */.rej({
    ...planned,
    target: schemas/* literal */.euz('ec2'),
    /** Tag of the hosts. */
    tag: schemas/* strictObject */.rej({ key: schemas/* string */.YjP(), value: schemas/* string */.YjP() }),
    /** SSM document that carries the on-host program. */
    document: schemas/* string */.YjP(),
    /** How the hosts call the service: its file in the folder of the program is named so. */
    service: schemas/* string */.YjP(),
    /** Hosts that are switched side by side once the first one is proven. */
    batch: schemas/* int */.Whr().min(1).max(50).optional(),
});
const plan_image = schemas/* strictObject */.rej({
    /** `ACCOUNT.dkr.ecr.REGION.amazonaws.com/PROJECT/NAME`, without tag or digest. */
    repository: schemas/* string */.YjP(),
    /** The content tag, `src-…`. */
    tag: schemas/* string */.YjP(),
    /** `sha256:…`; absent until the image is built or found. */
    digest: schemas/* string */.YjP().optional(),
});
/** What a plan does, see `deploymentPlan`. */
const KINDS = ['first', 'promotion', 'hotfix', 'rollback', 'hold', 'resume'];
/**
 * What one run brings to one environment, decided before anything changes. `plan-delivery` makes it, `deploy-service`
 * carries it out and reads nothing else: no `delivery.json`.
 */
const deploymentPlan = schemas/* strictObject */.rej({
    version: schemas/* literal */.euz(1),
    project: schemas/* string */.YjP(),
    environment: schemas/* string */.YjP(),
    account: schemas/* string */.YjP(),
    region: schemas/* string */.YjP(),
    /** ARN of the role that deploys to this environment. */
    role: schemas/* string */.YjP(),
    /** Branch whose pushes are delivered to the environment. */
    branch: schemas/* string */.YjP(),
    /**
     * `first`: images are built here. `promotion`: they were verified in the environment named by `from`. `hotfix`: images
     * are built here and pass the gate of `from`. `rollback`: a release that stood here before comes back, and the one that
     * it replaces is rejected. `hold` and `resume` deploy nothing: they set and clear the hold.
     */
    kind: schemas/* enum */.k5n(KINDS),
    from: schemas/* string */.YjP().optional(),
    /** Why a person asked for it: with a hotfix, a rollback and a hold. */
    reason: schemas/* string */.YjP().optional(),
    /** With a rollback: id of the release that is left and never comes back. */
    rejects: schemas/* string */.YjP().optional(),
    /** Asked once more under the lease, because time has passed since: when promotions may start. */
    window: environment_window.optional(),
    freeze: schemas/* array */.YOg(freeze).optional(),
    /** SSM SecureString with the address of a Slack webhook that hears of failures. */
    slack: schemas/* string */.YjP().optional(),
    /** Recorded with the release, see `Confirmed`. Absent where nothing is known of what stands. */
    infrastructure: schemas/* strictObject */.rej({ commit: schemas/* string */.YjP(), since: schemas/* string */.YjP() }).optional(),
    release: schemas/* strictObject */.rej({ commit: schemas/* string */.YjP(), images: schemas/* record */.g1P(schemas/* string */.YjP(), plan_image) }),
    /** Every service of the environment; one comes after all that it depends on. */
    services: schemas/* array */.YOg(schemas/* discriminatedUnion */.gMt('target', [ecs, lambda, ec2])),
});


/***/ })

};
