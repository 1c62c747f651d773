// Filters that somebody gave a name, kept by this browser. Each is what its address says, so it can also be sent.
import { useLocalStorage } from '@mantine/hooks';

export interface View {
  name: string;
  query: string;
}

const viewsMax = 30;

export function useViews() {
  const [views, setViews] = useLocalStorage<View[]>({ key: 'shakehook-delivery-views', defaultValue: [] });
  return {
    views,
    // Another of the same name is replaced.
    keep: (view: View) => setViews([...views.filter(({ name }) => name !== view.name), view].slice(-viewsMax)),
    drop: (name: string) => setViews(views.filter((view) => view.name !== name)),
  };
}
