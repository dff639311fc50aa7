import { explainRequestSchema, explanationSchema } from '@clockwarden/api/console';
import { OperatorError } from '@clockwarden/core/errors';
import { explainText } from '@clockwarden/core/explain';
import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import { json, problem } from './responses.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/explain',
  summary: 'Explain pasted output of the usual tools',
  request: { body: { required: true, content: { 'application/json': { schema: explainRequestSchema } } } },
  responses: {
    200: json('Every mark and value for this very case, then what follows from them.', explanationSchema),
    400: problem('Nothing in the text is output that Clockwarden knows.'),
  },
});

export function registerExplain(app: OpenAPIHono): void {
  app.openapi(route, (context) => {
    const explanation = explainText(context.req.valid('json').text);
    if (explanation.sections.length === 0) throw new OperatorError('input-unrecognized');
    // The contract's arrays are mutable; core's are not. Nobody changes them.
    return context.json(explanation as unknown as z.infer<typeof explanationSchema>, 200);
  });
}
