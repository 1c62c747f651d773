// Whole receivers, as files that can be run: tests/browser runs those whose language is at hand.
import express from './verify/express.js?raw';
import flask from './verify/flask.py?raw';
import go from './verify/receive.go?raw';
import php from './verify/receive.php?raw';
import sinatra from './verify/sinatra.rb?raw';

export const verifyCode = [
  { language: 'Node', code: express },
  { language: 'Python', code: flask },
  { language: 'PHP', code: php },
  { language: 'Ruby', code: sinatra },
  { language: 'Go', code: go },
];
