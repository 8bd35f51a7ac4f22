import { describe, expect, test } from 'vitest';
import { asyncApi } from '../../../hub/http/asyncapi.ts';
import { renderDocs } from '../../../hub/http/docs-page.ts';

describe('the page of the documentation', () => {
  test('texts of the document cannot become markup', () => {
    const evil = '<img src=x onerror="alert(1)">';
    const page = renderDocs(
      {
        info: { title: evil, version: evil, description: evil },
        paths: {
          [evil]: { get: { summary: evil, tags: [evil], responses: { [evil]: { description: evil } } } },
        },
      },
      asyncApi(evil),
    );
    expect(page).not.toContain('<img');
  });
});
