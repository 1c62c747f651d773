// Where notices are shown. They come with the first of them, and not with the first page.
import '@mantine/notifications/styles.layer.css';

import { Notifications } from '@mantine/notifications';

export function Notices() {
  return <Notifications position="bottom-right" limit={4} />;
}
