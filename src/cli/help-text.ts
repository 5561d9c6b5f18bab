const GENERAL = `nexus looks after an installation of Nexus. Run it in the installation's folder: it reads .env there.

  nexus show         the newest tasks, and all that one of them did
  nexus replay       does a finished task over again with its recorded replies
  nexus inspect      what is held and what runs, and a look into it
  nexus doctor       whether everything that sandboxes need is there and works
  nexus models       which models are configured, and whether each one answers
  nexus follow       what happens to a task, while it happens
  nexus merge        merges three files; git can use it as a merge driver, in any repository
  nexus help COMMAND
`;

const SHOW = `nexus show                 the newest tasks: how they stand and what they cost
nexus show TASK            one task: what was asked, what happened, each step of each agent, how it ended
nexus show --json          the same for programs, one JSON value a line
nexus show TASK --json     all of it, nothing shortened

TASK is the id in the tracking comment, or its beginning. The record is the database that DATABASE_URL names,
else the one that npm start runs. Secrets of the settings are left out. What models and commands wrote is shown
and does not act. Times are in UTC.

Lines of --json, by their kind; fields may be added, and none changes what it means:
  task          task, state; in the list also ended, where it has, and cost
  stage         at, stage, phase (start or end)
  event         at, event: with a kind and what nexus follow --json tells of it
  assigned, briefed, step, left-behind, ended, other    at, agent, and what is recorded of the agent
  outcome       outcome, where the task has ended, and cost: spent in millionths of a dollar, isAtMost

The exit code is 0 if it was shown, 1 if there is no such task or the record does not answer, 2 if the words behind
nexus are not understood.
`;

const REPLAY = `nexus replay TASK    one line for each run of an agent: the same, or where it first is not

The architect plans again over the commit it looked into, and each worker works again in a sandbox on the commit it
had, corrections included, with their models' recorded replies: no model is asked, nothing is pushed. Each request,
each call with its result, and the plan or the changed files are to be what they were. It tells whether prompts,
tools or the loop have changed since. TASK is the id in the tracking comment, or its beginning; the task has to have
ended. Its mirror and its sandbox must be on this machine. The exit code is 0 if all is the same, 1 if something is
not, could not be replayed or is not there, 2 if the words behind nexus are not understood.
`;

const INSPECT = `nexus inspect                          all sessions: what is held, what runs
nexus inspect TASK                     what differs from the commit
nexus inspect TASK --list [PATH]       files of the workspace
nexus inspect TASK --read PATH         one file
nexus inspect TASK --diff [PATH]       a unified difference against the commit
nexus inspect TASK --shell             a shell in a second container that cannot write
nexus inspect TASK --shell -- COMMAND  one command there
nexus inspect TASK --release           takes away what is held of the task

TASK is the id in the tracking comment, or its beginning. Where a task has several sessions, --session N
names one. PATH is relative to the workspace, plain or in quotes as it is listed. Looking changes nothing:
neither the workspace nor what will be carried out of it. At a terminal, what files hold is shown and does
not act; in a shell, what programs print reaches the terminal.
`;

const DOCTOR = `nexus doctor           one line for each thing that was looked at, with what to do
nexus doctor --json    the same for programs

It tries the walls for real and takes away what it made. The exit code is 1 if there is a problem.
`;

const MODELS = `nexus models           the lists of models, and one tiny call to each of them
nexus models --json    the same for programs
nexus models login gemini   signs you in at Google, for an enterprise's Gemini

Each model is asked once, for half a minute at most, and all at once. It costs what a few words cost. No key
is shown. The exit code is 0 if every model answers, 1 if one does not, 2 if there is none or the settings are
wrong.

login shows an address, which you open in a browser on this machine, and keeps the sign-in in NEXUS_FOLDER. It
needs an OAuth client of your own (GEMINI_CLIENT_ID and GEMINI_CLIENT_SECRET in .env), of the kind "desktop app".
The exit code is 0 if you are signed in, else 2.
`;

const FOLLOW = `nexus follow TASK           one line for each thing that happened to the task, and happens
nexus follow TASK --json    the same for programs, as one JSON object a line

TASK is the id in the tracking comment, or its beginning. It goes on until the task has ended, or until Ctrl-C; a task
that waits for a person is waited for, too. Times are in UTC. A line of --json has seq, at and event; the event has a
kind, ended for the last one, and what is to be said of that kind. Of a task whose details are deleted there is none.
Once it follows, it waits until a record that does not answer does again. The exit code is 0 if the task has ended,
2 if there is no such task, its record does not answer at the start, or the words behind nexus are not understood.
`;

const MERGE = `nexus merge BASE OURS THEIRS PATH    the merged text on standard output
nexus merge --install [--global]     makes git use it, in this repository or in all of yours
nexus merge --uninstall [--global]   takes that away

PATH is the file's place in its repository: its language and its rules follow from it. The exit code is 0 if
nothing is left, 1 if conflicts are marked in the text, 2 if nothing was merged, such as for binary files.
At most 16 MiB a file, in UTF-8. No settings are read, no model is asked, nothing else is run.

  --output FILE      writes the result there instead, as a whole or not at all
  --driver           the same with OURS as the FILE: what git expects of a driver
  --explain          says on standard error how each place was settled
  --conflict-style STYLE   merge, diff3 or zdiff3, as in git's merge.conflictStyle; merge if not said
  --marker-size N    length of the markers, 7 if not said
  --label-ours, --label-base, --label-theirs TEXT   words behind the markers
`;

const TOPICS: Readonly<Record<string, string>> = {
  show: SHOW,
  replay: REPLAY,
  inspect: INSPECT,
  doctor: DOCTOR,
  models: MODELS,
  follow: FOLLOW,
  merge: MERGE,
};

/** What can be asked for, or how one command is asked. */
export function helpText(topic: string | undefined): string {
  return (topic !== undefined && TOPICS[topic]) || GENERAL;
}
