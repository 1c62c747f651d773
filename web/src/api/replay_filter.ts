// Which deliveries a replay is to send again.
import type { paths } from './schema';

export type ReplayFilter = NonNullable<paths['/api/webhooks/{id}/replay']['post']['requestBody']>['content']['application/json'];
