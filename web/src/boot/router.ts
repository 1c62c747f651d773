// The second piece of the frame (main.tsx).
export { QueryClient } from '@tanstack/react-query';
export { createBrowserRouter } from 'react-router';
