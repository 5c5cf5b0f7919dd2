/** Printed for --help, and after a mistake. */
export const USAGE = `usage: npm run slipway -- COMMAND [options]

  status                     what runs where since when, by whom; against what is recorded and what the branches want
    --markdown | --json      in another form than text
    --fail-on drift          end with 5 on drift, or where something could not be read
  deploy ENV                 deliver the head of the environment's branch, as this clone has it; where images enter,
                             one that is missing is built here, with Docker
  promote ENV                deploy what the environment before has verified last
    --release rel-…          this release of it
  rollback ENV               go back to the release before, and hold the environment
    --to rel-…               to this release
    --reason WHY             recorded
  hold ENV --reason WHY      let nothing be delivered there until resume
  resume ENV                 end a hold

options of every command
  --profile NAME             profile of the AWS configuration files
  --profile ENV=NAME         for one environment, or for 'registry'; may be given for each
  --config PATH              the configuration in the clone (delivery.json)
options of every command but status
  --dry-run                  plan, ask every gate and say what would be done; write nothing
  --yes                      do not ask for confirmation
  --poll-interval 2.75s       time between two looks at a deployment

ends with: 0 done · 1 failed · 2 wrong usage · 3 refused, nothing was changed · 4 waits for its soak time, window or the end of
a freeze, nothing was changed · 5 drift (status --fail-on drift) · 130 cancelled`
