/** The frame around every page. */
export const shell = {
  shell: {
    skip: 'Skip to the content',
    home: 'Clockwarden: to the overview',
    navigation: 'Main',
    overview: 'Overview',
    nodes: 'Nodes',
    explain: 'Explain',
  },
  loading: { page: 'Loading the page…', cluster: 'Waiting for the first readings…', part: 'Loading…' },
  load: {
    unreachable: 'The server does not answer',
    unreachableAbout:
      'The console keeps trying and goes on by itself. If the server was stopped, start it again where it ran:',
    failed: 'The server answers, but not with the cluster',
    failedAbout:
      'Its log says why. The console keeps trying and goes on by itself. To start the server anew:',
  },
  empty: {
    title: 'There are no nodes to look at yet',
    about:
      'Write a configuration from the inventory you have: a kubeasz hosts file, or any Ansible inventory.',
    next: 'Then observe it:',
  },
  notFound: {
    title: 'There is no such page',
    about: 'leads nowhere in this console.',
  },
  pageError: {
    title: 'This page failed',
    about:
      'Nothing is lost: the server goes on observing. Loading the page again usually helps; if not, this is a defect worth reporting, with the line below.',
    reload: 'Load again',
  },
  connection: { live: 'live', connecting: 'connecting…', lost: 'connection lost' },
  banner: {
    lost: 'Connection lost.',
    lostFor: 'Nothing heard for',
    lostKept: '; shown is what was last known, of',
    lostRetry: '. Reconnecting by itself.',
    config: 'The new configuration did not load.',
    configKept: 'The one before it stays in force.',
    history: 'History has stopped.',
    historyGoesOn: 'Observation goes on.',
  },
  statusLine: {
    waiting: 'Waiting for the server',
    round: 'every {{every}} · {{answered}} of {{total}} answered',
    memory: 'memory {{size}}',
    api: 'API',
    history: { writing: 'history', stopped: 'history stopped at', off: 'history off' },
  },
  settings: {
    title: 'Settings',
    language: 'Language',
    theme: 'Theme',
    themes: { system: 'system', light: 'light', dark: 'dark' },
    zone: 'Times in (UTC stands beside)',
    zoneBrowser: 'this browser · {{zone}}',
    zoneCluster: 'cluster · {{zone}}',
    keys: 'Keyboard shortcuts',
    logOut: 'Log out',
  },
  keys: {
    title: 'Keys',
    search: 'search the nodes',
    overview: 'go to the overview',
    nodes: 'go to the nodes',
    explain: 'go to the explanation of pasted output',
    help: 'show these keys',
    close: 'close, or leave the search',
    done: 'Close',
  },
  login: {
    title: 'Log in',
    aboutToken: 'The token is in the file that the server was started with.',
    aboutPassword: 'The password whose hash stands in the server’s configuration.',
    token: 'Token',
    password: 'Password',
    submit: 'Log in',
    busy: 'Logging in…',
    refused: 'That was not it. Check for missing or added characters.',
    tooOften: 'Too many attempts. Wait a minute and try again.',
  },
  copy: {
    label: 'Copy {{what}}',
    done: 'Copied',
    failed: 'Could not copy',
    command: 'the command',
    name: 'the name',
  },
  headline: { asOf: 'As of', ago: '{{age}} ago' },
};
