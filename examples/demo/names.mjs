// Invented people and companies, as a venue in Paris and one in London would know them.
export const firstNames = ['Camille', 'Léa', 'Hugo', 'Chloé', 'Théo', 'Zoé', 'François', 'Anaïs', 'Olivia', 'Jack', 'Amelia', 'George', 'Freya', 'Noël'];
export const lastNames = ['Moreau', 'Lefèvre', 'Garnier', 'Roussel', "O'Connor", 'Whitfield', 'Bennett', 'Dupont-Leroy', 'Ashworth', 'Marchand', 'Müller'];
export const companies = ['Atelier Lumière', 'Banque du Marais', 'Éditions du Port', 'Northwind Studio', 'Hartley & Sons', 'Maison Verdier', 'Bluebell Films'];
export const streets = ['rue des Écoles', 'avenue de la République', 'quai Voltaire', 'Mill Lane', 'Albion Street', 'rue du Faubourg'];
export const towns = [
  { postal_code: '75005', city: 'Paris', country: 'France' },
  { postal_code: '69002', city: 'Lyon', country: 'France' },
  { postal_code: '33000', city: 'Bordeaux', country: 'France' },
  { postal_code: 'SE1 9GF', city: 'London', country: 'United Kingdom' },
];
export const titles = ['Directrice', 'Head of Events', 'Assistante', 'CEO', 'Responsable communication'];
