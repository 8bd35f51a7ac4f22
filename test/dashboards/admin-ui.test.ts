import { describe, expect, test } from 'vitest';
import { ownPage } from '../../dashboards/admin-ui.ts';

const page = [
  '<html><head><link rel="icon" href="favicon.png">',
  '<link rel="stylesheet" href="https://fonts.example/css?family=Roboto:100,300">',
  '<link rel="stylesheet" href="https://cdn.example/icons.min.css">',
  '<link href="css/app.css" rel="stylesheet"></head>',
  '<body><div id="app"></div><script src="js/vendors.js"></script><script src="js/app.js"></script></body></html>',
].join('');

describe('The page of the Admin UI', () => {
  test('loads nothing from others; our style is last, our script first', () => {
    const changed = ownPage(page);
    expect([...changed.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, url]) => url)).toEqual([
      'favicon.png',
      'css/app.css',
      'icons.css',
      'start.js',
      'js/vendors.js',
      'js/app.js',
    ]);
  });

  test('is refused when a new version is built in another way', () => {
    for (const other of [
      page.replace('</head>', ''),
      page.replaceAll('<script src', '<script defer src'),
      page.replace('"js/app.js"', '"https://cdn.example/app.js"'),
      page.replace('"js/app.js"', '"//cdn.example/app.js"'),
    ])
      expect(() => ownPage(other)).toThrow('another way');
  });
});
