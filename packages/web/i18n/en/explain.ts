/** The page that explains pasted output. */
export const explain = {
  explain: {
    title: 'Paste what a tool printed, and read what it means',
    label: 'Output of chronyc, timedatectl, adjtimex, ntpq -p or ntpdate -q',
    about:
      'Several outputs may follow each other, prompts between them do no harm. Nothing of it leaves this browser.',
    nothing: 'Nothing pasted yet',
    try: 'On a node, type one of these and paste what it prints:',
    found: '{{outputs}} outputs recognised, {{conclusions}} conclusions',
    unknown: 'Nothing of this is known',
    unknownAbout: 'None of these lines looks like the output of a tool that is understood here.',
    conclusions: 'What an expert would conclude',
    lines: 'lines {{first}}–{{last}}',
    notUnderstood: 'Lines that were not understood',
    importance: { good: 'good', attention: 'attention', problem: 'problem' },
  },
};
