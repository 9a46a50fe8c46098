-- Terms of a kitchen, and the words of each section.

-- Terms of an organisation.

create table public.handbook_terms (
  id uuid primary key default gen_random_uuid(),
  organisation_id uuid not null references public.organisations (id) on delete cascade,
  concept text not null check (length(concept) between 1 and 60),
  language text not null check (language in ('en', 'es')),
  term text not null check (length(term) between 1 and 60),
  means text check (length(means) between 1 and 200),
  lexemes text[] not null default '{}',
  unique (organisation_id, language, term, concept)
);
create index handbook_terms_concept on public.handbook_terms (organisation_id, concept);
-- A question that has all lexemes of a term has the first.
create index handbook_terms_lexeme on public.handbook_terms (organisation_id, language, (lexemes[1]));
comment on table public.handbook_terms is
  'Words of a kitchen. Terms of one concept mean the same to the search. See docs/decisions/0015-search.md.';
comment on column public.handbook_terms.concept is
  'The name of the organisation for the thing, the same for all its terms.';
comment on column public.handbook_terms.term is 'One or more words. A question has the term when it has all of them.';
comment on column public.handbook_terms.means is 'The term in plain words, for people and for the voice.';
comment on column public.handbook_terms.lexemes is 'private.term_lexemes of the term. A trigger writes them.';

create function private.term_lexemes(_term text, _language text) returns text[]
language sql stable set search_path = ''
return coalesce(
  (select array_agg(distinct w.stem) from private.content_words(_term, _language) w),
  tsvector_to_array(private.stems(_term, _language)));
comment on function private.term_lexemes is
  'The stems of a term without filler words, or all of them where it has nothing else ("out of").';

create function private.set_term_lexemes() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.term := btrim(new.term);
  new.lexemes := private.term_lexemes(new.term, new.language);
  if new.lexemes = '{}' then
    raise exception using errcode = 'HR400', message = 'bad_request', detail = 'a term has a letter or a digit';
  end if;
  return new;
end
$$;
comment on function private.set_term_lexemes is 'Writes the lexemes of a term.';

create trigger set_term_lexemes
  before update of term, language, lexemes on public.handbook_terms
  for each row execute function private.set_term_lexemes();
create trigger set_new_term_lexemes
  before insert on public.handbook_terms
  for each row when (new.lexemes = '{}') execute function private.set_term_lexemes();

alter table public.handbook_terms enable row level security;
alter table public.handbook_terms force row level security;

create policy "members read their organisations' terms" on public.handbook_terms
  for select to authenticated
  using (organisation_id in (select private.organisations_of_caller()));

revoke all on public.handbook_terms from public, anon, authenticated;
grant select on public.handbook_terms to authenticated;
grant all on public.handbook_terms to service_role;

create function public.save_term(
  _organisation_id uuid,
  _concept text,
  _language text,
  _term text,
  _means text default null
) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  _id uuid;
begin
  perform private.require_manager_of_owner(_organisation_id, null);
  insert into public.handbook_terms as h (organisation_id, concept, language, term, means)
    values (_organisation_id, btrim(_concept), _language, btrim(_term), nullif(btrim(_means), ''))
    on conflict (organisation_id, language, term, concept) do update set means = excluded.means
    returning h.id into _id;
  return _id;
exception
  when integrity_constraint_violation or data_exception then
    raise exception using errcode = 'HR400', message = 'bad_request',
      detail = 'a term has a concept and at most 60 characters, and what it means at most 200';
end
$$;
comment on function public.save_term is
  'Adds a term to a brand, or changes its meaning. Returns its id.
  Raises HR001 not_a_member, HR004 not_allowed, HR400 bad_request.';

create function public.delete_term(_term_id uuid) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  _organisation_id uuid;
begin
  select h.organisation_id into _organisation_id from public.handbook_terms h where h.id = _term_id;
  if not found or not private.is_row_visible_to_caller(_organisation_id, null) then
    raise exception using errcode = 'HR005', message = 'not_found';
  end if;
  perform private.require_manager_of_owner(_organisation_id, null);
  delete from public.handbook_terms h where h.id = _term_id;
end
$$;
comment on function public.delete_term is
  'Removes a term from its brand. Raises HR005 not_found, HR004 not_allowed.';

revoke execute on function public.save_term from public, anon;
revoke execute on function public.delete_term from public, anon;
grant execute on function public.save_term to authenticated, service_role;
grant execute on function public.delete_term to authenticated, service_role;

create function private.kitchen_words(_organisation_id uuid, _limit integer) returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('term', t.term, 'means', t.means) order by t.language, t.term), '[]')
  from (
    select distinct on (h.language, h.term) h.language, h.term, h.means
    from public.handbook_terms h
    where h.organisation_id = _organisation_id and h.means is not null
    order by h.language, h.term, h.concept
    limit _limit
  ) t
$$;
comment on function private.kitchen_words is
  'Terms with a meaning, as [{term, means}], for the voice: people outside a kitchen do not know them.
  Ordered by language and term, at most `_limit`.';

-- Default terms.

create table private.default_terms (
  concept text not null,
  language text not null,
  term text not null,
  means text,
  lexemes text[] not null,
  primary key (language, term, concept)
);
comment on table private.default_terms is
  'Every new organisation receives a copy. General words of kitchens in American English and the Spanish spoken there.';
alter table private.default_terms enable row level security;

with said (concept, english, spanish) as (values
  -- words begin (`npm run words` writes them from src/shared/words/kitchen-terms.ts)
  ('chicken', 'chicken, poultry, bird, hen', 'pollo, ave, gallina, pechuga'),
  ('turkey', 'turkey', 'pavo, guajolote'),
  ('duck', 'duck', 'pato'),
  ('beef', 'beef', 'res, carne de res'),
  ('steak', 'steak', 'filete, bistec, corte, arrachera'),
  ('ground meat', 'ground meat, ground beef, mince', 'carne molida, picadillo'),
  ('burger', 'burger, hamburger, patty', 'hamburguesa, torta de carne'),
  ('pork', 'pork, hog', 'cerdo, puerco, chancho'),
  ('ham', 'ham', 'jamón'),
  ('bacon', 'bacon', 'tocino, panceta'),
  ('sausage', 'sausage, hot dog, frank', 'salchicha, chorizo'),
  ('lamb', 'lamb', 'cordero, borrego'),
  ('ribs', 'ribs, rib', 'costilla'),
  ('roast', 'roast, prime rib, prime', 'asado, rosbif'),
  ('meat', 'meat', 'carne, proteína'),
  ('protein', 'protein', 'proteína, carne'),
  ('fish', 'fish, fillet', 'pescado, filete'),
  ('salmon', 'salmon', 'salmón'),
  ('cod', 'cod', 'bacalao'),
  ('tuna', 'tuna', 'atún'),
  ('shellfish', 'shellfish, seafood', 'marisco, mariscos'),
  ('oyster', 'oyster, oysters', 'ostión, ostra'),
  ('clam', 'clam, clams', 'almeja'),
  ('mussel', 'mussel, mussels', 'mejillón'),
  ('lobster', 'lobster', 'langosta'),
  ('crab', 'crab', 'cangrejo, jaiba'),
  ('shrimp', 'shrimp, prawn', 'camarón, gamba'),
  ('egg', 'egg', 'huevo, blanquillo'),
  ('yolk', 'yolk', 'yema'),
  ('egg white', 'egg white', 'clara'),
  ('milk', 'milk, dairy', 'leche, lácteo'),
  ('cheese', 'cheese', 'queso'),
  ('butter', 'butter', 'mantequilla'),
  ('cream', 'cream', 'crema, nata'),
  ('yogurt', 'yogurt', 'yogur'),
  ('ice cream', 'ice cream', 'helado, nieve'),
  ('rice', 'rice', 'arroz'),
  ('bean', 'bean', 'frijol, habichuela'),
  ('lentil', 'lentil', 'lenteja'),
  ('pasta', 'pasta, noodle', 'pasta, fideo, tallarín'),
  ('bread', 'bread, roll, bun', 'pan, bolillo, bollo, panecillo'),
  ('flour', 'flour', 'harina'),
  ('dough', 'dough', 'masa'),
  ('corn', 'corn, maize', 'maíz, elote'),
  ('tortilla', 'tortilla', 'tortilla'),
  ('taco', 'taco', 'taco'),
  ('chip', 'chip, tortilla chip', 'totopo'),
  ('potato', 'potato, spud', 'papa, patata'),
  ('fries', 'fries, french fries', 'papas fritas, papas a la francesa'),
  ('soup', 'soup, chowder, gumbo, bisque', 'sopa, caldo, crema, potaje'),
  ('broth', 'broth, stock', 'caldo, consomé, fondo'),
  ('stew', 'stew, chili', 'guiso, guisado, estofado'),
  ('sauce', 'sauce, gravy', 'salsa'),
  ('salsa', 'salsa', 'salsa'),
  ('dressing', 'dressing, vinaigrette', 'aderezo, vinagreta'),
  ('mayonnaise', 'mayonnaise, mayo, aioli', 'mayonesa'),
  ('ketchup', 'ketchup, catsup', 'cátsup'),
  ('mustard', 'mustard', 'mostaza'),
  ('salad', 'salad', 'ensalada'),
  ('slaw', 'slaw, coleslaw', 'ensalada de col'),
  ('lettuce', 'lettuce', 'lechuga'),
  ('cabbage', 'cabbage', 'col, repollo'),
  ('tomato', 'tomato', 'tomate, jitomate'),
  ('onion', 'onion', 'cebolla'),
  ('garlic', 'garlic', 'ajo'),
  ('avocado', 'avocado, avo, aguacate', 'aguacate, palta'),
  ('guacamole', 'guacamole, guac', 'guacamole, guac'),
  ('pepper', 'pepper, chile', 'chile, pimiento, ají'),
  ('cilantro', 'cilantro, coriander', 'cilantro'),
  ('lime', 'lime', 'limón, lima'),
  ('lemon', 'lemon', 'limón'),
  ('pineapple', 'pineapple', 'piña'),
  ('melon', 'melon', 'melón, sandía'),
  ('fruit', 'fruit', 'fruta'),
  ('vegetable', 'vegetable, produce, veggie', 'verdura, vegetal, hortaliza'),
  ('herb', 'herb', 'hierba'),
  ('spice', 'spice, seasoning', 'especia, condimento, sazonador'),
  ('salt', 'salt', 'sal'),
  ('sugar', 'sugar, sweetener', 'azúcar, piloncillo'),
  ('honey', 'honey', 'miel'),
  ('oil', 'oil', 'aceite'),
  ('fat', 'fat, grease', 'grasa'),
  ('lard', 'lard', 'manteca'),
  ('shortening', 'shortening', 'manteca vegetal'),
  ('vinegar', 'vinegar', 'vinagre'),
  ('nut', 'nut, tree nut', 'nuez, frutos secos'),
  ('peanut', 'peanut', 'cacahuate, maní'),
  ('almond', 'almond', 'almendra'),
  ('gluten', 'gluten, wheat, celiac', 'gluten, trigo, celíaco'),
  ('soy', 'soy', 'soya, soja'),
  ('sesame', 'sesame', 'ajonjolí, sésamo'),
  ('batter', 'batter, breading', 'rebozado, capeado, empanizado'),
  ('allergy', 'allergy, allergic, allergen', 'alergia, alérgico, alérgeno'),
  ('food', 'food', 'comida, alimento'),
  ('dish', 'dish, plate', 'plato'),
  ('leftover', 'leftover, leftovers', 'sobra, sobras, sobrante'),
  ('raw', 'raw, uncooked', 'crudo'),
  ('sushi', 'sushi, crudo, ceviche', 'sushi, ceviche'),
  ('dessert', 'dessert', 'postre'),
  ('cake', 'cake, pie, brownie', 'pastel, pay, tarta'),
  ('pizza', 'pizza', 'pizza'),
  ('sandwich', 'sandwich', 'sándwich, torta'),
  ('buffet', 'buffet', 'bufé, bufet, buffet'),
  ('banquet', 'banquet, catering, private party, function', 'banquete, evento, fiesta privada'),
  ('portion', 'portion, serving, scoop', 'porción, ración'),
  ('recipe', 'recipe', 'receta'),
  ('ingredient', 'ingredient', 'ingrediente'),
  ('garnish', 'garnish', 'guarnición, decoración'),
  ('marinade', 'marinade, marinate, rub, adobo', 'marinar, marinado, adobo, adobar'),
  ('water', 'water', 'agua'),
  ('ice', 'ice', 'hielo'),
  ('coffee', 'coffee', 'café'),
  ('tea', 'tea', 'té'),
  ('juice', 'juice', 'jugo, zumo'),
  ('soda', 'soda, pop, soft drink', 'refresco, gaseosa'),
  ('beer', 'beer, draft, draught', 'cerveza, chela'),
  ('keg', 'keg', 'barril, keg'),
  ('wine', 'wine', 'vino'),
  ('alcohol', 'alcohol, liquor, booze', 'alcohol, licor'),
  ('hibiscus', 'hibiscus', 'jamaica, flor de jamaica'),
  ('drink', 'drink, beverage', 'bebida, beber, tomar'),
  ('temperature', 'temperature, temp, degree, F, C, hot, cold, warm', 'temperatura, grado, F, C, caliente, frío'),
  ('hot', 'hot, heat, warm', 'caliente, calor, calentar, tibio'),
  ('cold', 'cold, cool', 'frío'),
  ('cook', 'cook, cooked, cooking', 'cocinar, cocido, cocer, cocción'),
  ('done', 'done, cooked through', 'listo, cocido, en su punto'),
  ('rare', 'rare, medium, pink', 'término medio, rojo, rosado'),
  ('boil', 'boil, boiling, simmer', 'hervir, hervor'),
  ('fry', 'fry, deep fry', 'freír, frito'),
  ('grill', 'grill, griddle, flat top, plancha', 'parrilla, plancha, comal'),
  ('sear', 'sear, char', 'sellar, dorar'),
  ('bake', 'bake', 'hornear'),
  ('roasting', 'roasting', 'asar, rostizar'),
  ('smoke', 'smoke, smoked', 'ahumar, ahumado'),
  ('blanch', 'blanch', 'blanquear, escaldar'),
  ('reheat', 'reheat, rewarm, warm up', 'recalentar'),
  ('cooling', 'cooling, chill, cool down', 'enfriar, enfriamiento'),
  ('freeze', 'freeze, frozen', 'congelar, congelado'),
  ('freezer', 'freezer, deep freeze', 'congelador, cámara de congelación'),
  ('thaw', 'thaw, defrost', 'descongelar, deshielo'),
  ('frost', 'frost, ice buildup', 'escarcha'),
  ('fridge', 'fridge, refrigerator, cooler, reach-in, low-boy', 'refrigerador, refri, nevera, heladera, hielera'),
  ('walk-in', 'walk-in, walkin, cold room', 'walk-in, cámara fría, cuarto frío, cava'),
  ('blast chiller', 'blast chiller, chiller', 'abatidor'),
  ('thermometer', 'thermometer, probe', 'termómetro, sonda'),
  ('oven', 'oven', 'horno'),
  ('stove', 'stove, burner, range, pilot', 'estufa, hornilla, quemador, piloto'),
  ('fryer', 'fryer, deep fryer', 'freidora'),
  ('microwave', 'microwave', 'microondas'),
  ('steam table', 'steam table, hot box, bain marie, hot hold, warmer', 'mesa de vapor, baño maría, hot box, gabinete caliente, calentador'),
  ('ice bath', 'ice bath', 'baño de hielo, baño de agua con hielo'),
  ('pot', 'pot, kettle', 'olla, cazo, cazuela, perol'),
  ('pan', 'pan, skillet', 'sartén, bandeja'),
  ('tray', 'tray, sheet pan, hotel pan, sheet tray', 'charola, bandeja'),
  ('hold', 'hold, holding, keep', 'mantener, conservar, aguantar'),
  ('calibrate', 'calibrate, calibration, adjust', 'calibrar, calibración, ajustar'),
  ('pressure', 'pressure', 'presión'),
  ('date', 'date, dated', 'fecha, fechar'),
  ('label', 'label, tag, sticker', 'etiqueta, etiquetar'),
  ('expire', 'expire, expired, expiration, out of date, shelf life', 'caducar, caducidad, vencer, vencido, vencimiento'),
  ('spoil', 'spoil, go bad, rot', 'echarse a perder, descomponerse'),
  ('throw', 'throw, toss, discard, trash, dump, chuck, pitch', 'tirar, desechar, botar'),
  ('last', 'last, good for, keep for', 'durar, aguantar'),
  ('store', 'store, storage, put away', 'guardar, almacenar, almacenamiento, almacén'),
  ('dry storage', 'dry storage, dry, pantry', 'almacén seco, despensa, bodega'),
  ('shelf', 'shelf, shelves, rack', 'estante, repisa, anaquel'),
  ('rotate', 'rotate, rotation, fifo', 'rotar, rotación'),
  ('delivery', 'delivery, truck, shipment, vendor, supplier', 'entrega, camión, troca, proveedor, repartidor'),
  ('receive', 'receive, receiving, accept', 'recibir, recepción'),
  ('invoice', 'invoice, receipt', 'factura, recibo, ticket, nota'),
  ('order', 'order, ordering', 'pedido, orden, ordenar'),
  ('inventory', 'inventory, count, stock', 'inventario, conteo, existencias'),
  ('box', 'box, case, carton', 'caja, cartón'),
  ('container', 'container, tub, bin, lexan, cambro, deli', 'recipiente, contenedor, envase, bote, tina'),
  ('bag', 'bag, sack', 'bolsa, costal'),
  ('bottle', 'bottle', 'botella'),
  ('jar', 'jar', 'frasco, tarro, vitrolero'),
  ('bucket', 'bucket, pail', 'cubeta, balde, cubo'),
  ('garbage', 'garbage, trash, rubbish, dumpster', 'basura, contenedor, basurero'),
  ('recycle', 'recycle, recycling, compost', 'reciclar, reciclaje, composta'),
  ('wash', 'wash, washing', 'lavar, lavado'),
  ('hand', 'hand', 'mano'),
  ('glove', 'glove', 'guante'),
  ('soap', 'soap, detergent', 'jabón, detergente'),
  ('clean', 'clean, cleaning, scrub', 'limpiar, limpieza, limpio, tallar, fregar'),
  ('sanitize', 'sanitize, sanitizer, sanitizing, disinfect, disinfectant, quat', 'desinfectar, desinfectante, sanitizar, sanitizante, desinfección'),
  ('bleach', 'bleach, chlorine', 'cloro, lejía'),
  ('chemical', 'chemical, cleaner', 'químico, limpiador'),
  ('delimer', 'delimer, descaler, lime scale', 'desincrustante, quita sarro, sarro'),
  ('degreaser', 'degreaser', 'desengrasante'),
  ('rag', 'rag, towel, cloth, side towel', 'trapo, toalla, paño'),
  ('wipe', 'wipe, wipe down', 'limpiar, pasar el trapo'),
  ('mop', 'mop', 'trapeador, trapear, mopa, fregona'),
  ('broom', 'broom, sweep', 'escoba, barrer'),
  ('sink', 'sink, basin', 'fregadero, lavabo, tarja, lavamanos'),
  ('dishwasher', 'dishwasher, dish machine, dishmachine, warewasher, dish pit, pit', 'lavavajillas, lavaplatos, lavatrastes, máquina de platos'),
  ('dishes', 'dishes, ware', 'trastes, vajilla, platos'),
  ('rinse', 'rinse', 'enjuagar, enjuague'),
  ('dry', 'dry, drying, air dry', 'secar, seco'),
  ('board', 'board, cutting board', 'tabla, tabla de cortar'),
  ('knife', 'knife, blade', 'cuchillo, navaja'),
  ('slicer', 'slicer', 'rebanadora, cortadora'),
  ('mixer', 'mixer, blender', 'batidora, licuadora'),
  ('scale', 'scale', 'báscula, balanza'),
  ('take apart', 'take apart, disassemble, break down, breakdown', 'desarmar, desmontar'),
  ('floor', 'floor, ground', 'piso, suelo'),
  ('drain', 'drain', 'drenaje, desagüe, coladera'),
  ('grease trap', 'grease trap', 'trampa de grasa'),
  ('wall', 'wall', 'pared'),
  ('hood', 'hood, vent, exhaust', 'campana, extractor'),
  ('filter', 'filter', 'filtro'),
  ('bathroom', 'bathroom, restroom, toilet', 'baño, sanitario'),
  ('pest', 'pest, bug, insect, critter', 'plaga, bicho, insecto'),
  ('roach', 'roach, cockroach', 'cucaracha'),
  ('mouse', 'mouse, mice, rat, rodent, droppings', 'ratón, rata, roedor, excremento'),
  ('fly', 'fly, flies', 'mosca'),
  ('trap', 'trap', 'trampa'),
  ('mold', 'mold, fuzz, mildew', 'moho'),
  ('smell', 'smell, odor, stink', 'oler, olor, apestar'),
  ('contaminate', 'contaminate, contamination, cross contact, cross contamination', 'contaminar, contaminación, contaminación cruzada'),
  ('sick', 'sick, ill, illness, disease', 'enfermo, enfermedad, enfermar'),
  ('vomit', 'vomit, throw up, puke', 'vomitar, vómito, guácara'),
  ('diarrhea', 'diarrhea, runs', 'diarrea'),
  ('nausea', 'nausea', 'náusea'),
  ('fever', 'fever', 'fiebre, calentura'),
  ('throat', 'throat, sore throat', 'garganta, dolor de garganta'),
  ('jaundice', 'jaundice, yellow skin', 'ictericia, piel amarilla'),
  ('cough', 'cough', 'tos, toser'),
  ('sneeze', 'sneeze', 'estornudar, estornudo'),
  ('cold (2)', 'cold, flu, runny nose', 'gripa, gripe, resfriado, catarro'),
  ('doctor', 'doctor', 'doctor, médico'),
  ('hospital', 'hospital, urgent care, clinic', 'hospital, clínica, urgencias'),
  ('medicine', 'medicine, pill', 'medicina, pastilla'),
  ('cut', 'cut, wound, slice, sliced', 'cortar, cortada, herida, cortadura'),
  ('bandage', 'bandage, band-aid, gauze', 'curita, venda, vendaje, gasa'),
  ('blood', 'blood, bleed, bleeding', 'sangre, sangrar'),
  ('infected', 'infected, pus, boil, sore', 'infectado, pus, llaga'),
  ('burn', 'burn, burned, scald', 'quemar, quemadura'),
  ('finger', 'finger, thumb', 'dedo, pulgar'),
  ('arm', 'arm', 'brazo'),
  ('skin', 'skin', 'piel'),
  ('eye', 'eye', 'ojo'),
  ('choke', 'choke, choking, heimlich', 'atragantar, ahogar, asfixia'),
  ('hair', 'hair', 'pelo, cabello'),
  ('hairnet', 'hairnet, hair net', 'redecilla'),
  ('beard', 'beard', 'barba'),
  ('nail', 'nail', 'uña'),
  ('jewelry', 'jewelry, ring, bracelet, watch, necklace', 'joya, joyería, anillo, pulsera, reloj'),
  ('earring', 'earring, piercing', 'arete, perforación'),
  ('shoe', 'shoe, boot, clog, footwear', 'zapato, calzado, bota'),
  ('uniform', 'uniform, dress code', 'uniforme'),
  ('apron', 'apron', 'delantal, mandil'),
  ('hat', 'hat, cap, bandana', 'gorra, gorro, paliacate'),
  ('shirt', 'shirt, coat, jacket', 'camisa, camiseta, filipina'),
  ('pants', 'pants', 'pantalón'),
  ('wear', 'wear, put on', 'usar, llevar, ponerse'),
  ('eat', 'eat, snack, bite', 'comer, probar, picar'),
  ('taste', 'taste, tasting', 'probar, prueba'),
  ('chew', 'chew, gum', 'chicle, mascar'),
  ('smoke (2)', 'smoke, vape, cigarette', 'fumar, vapear, cigarro'),
  ('phone', 'phone, cell, cellphone', 'teléfono, celular, móvil'),
  ('break', 'break, rest', 'descanso, pausa'),
  ('meal', 'meal, lunch, family meal, staff meal', 'comida, almuerzo, lonche, comida del personal, family meal'),
  ('shift', 'shift', 'turno'),
  ('schedule', 'schedule, rota', 'horario'),
  ('post', 'post, posted', 'publicar'),
  ('late', 'late, tardy', 'tarde, retraso, retrasado'),
  ('early', 'early', 'temprano'),
  ('dawn', 'dawn, early morning', 'madrugada'),
  ('call out', 'call out, call in, call off, no show, absent', 'faltar, ausente, avisar, reportarse'),
  ('swap', 'swap, trade, cover, switch', 'cambiar, intercambiar, cambio, cubrir'),
  ('overtime', 'overtime, extra hours', 'horas extra, tiempo extra'),
  ('day off', 'day off, time off, vacation, pto', 'vacaciones, día libre, descanso'),
  ('pay', 'pay, paid, paycheck, wage, salary', 'pagar, pago, sueldo, salario, quincena'),
  ('tip', 'tip, tips, gratuity, tip pool', 'propina, propinas'),
  ('cash', 'cash, money, bucks', 'efectivo, dinero, feria, lana'),
  ('petty cash', 'petty cash', 'caja chica'),
  ('register', 'register, till, drawer, cashier', 'caja, cajero'),
  ('clock', 'clock, clock in, punch', 'checar, fichar, reloj'),
  ('manager', 'manager, supervisor, boss, lead, MOD', 'gerente, encargado, supervisor, jefe, mánager'),
  ('chef', 'chef, sous', 'chef'),
  ('owner', 'owner', 'dueño, patrón'),
  ('cook (2)', 'cook, line cook', 'cocinero'),
  ('worker', 'worker, employee, staff, crew, team', 'empleado, trabajador, personal, equipo'),
  ('coworker', 'coworker, partner, teammate, buddy', 'compañero, cuate, colega'),
  ('server', 'server, waiter, waitress', 'mesero, camarero'),
  ('busser', 'busser, runner', 'ayudante de mesero, garrotero, corredor'),
  ('bartender', 'bartender, bar', 'cantinero, barra, bar'),
  ('host', 'host, hostess', 'anfitrión'),
  ('dishwasher (2)', 'dishwasher, pit crew', 'lavaplatos'),
  ('guest', 'guest, customer, client, diner', 'cliente, invitado, huésped, comensal'),
  ('pregnant', 'pregnant', 'embarazada'),
  ('child', 'child, kid, baby', 'niño, chamaco, bebé'),
  ('minor', 'minor, teenager, under eighteen, teen', 'menor, menor de edad, adolescente'),
  ('years old', 'years old, age', 'años, edad'),
  ('new', 'new, new hire, trainee, newbie, first day', 'nuevo, recién contratado, nuevo ingreso'),
  ('training', 'training, train, shadow', 'capacitación, entrenamiento, entrenar'),
  ('harass', 'harass, harassment, bully, hit on, grope', 'acoso, acosar, hostigar'),
  ('joke', 'joke, crack, insult, slur', 'chiste, burla, insulto'),
  ('retaliate', 'retaliate, retaliation, punish', 'represalia, desquitarse, castigar'),
  ('report', 'report, tell', 'reportar, avisar, denunciar, informar'),
  ('complaint', 'complaint, complain', 'queja, quejarse'),
  ('investigate', 'investigate, look into', 'investigar, investigación'),
  ('fight', 'fight, argue', 'pelea, pelear'),
  ('steal', 'steal, theft, stolen', 'robar, robo'),
  ('fire someone', 'fire someone, fired, terminate', 'despedir, correr'),
  ('write up', 'write up, warning, discipline', 'amonestación, reporte, sanción'),
  ('fire', 'fire, flame', 'fuego, incendio, llama'),
  ('extinguisher', 'extinguisher', 'extintor, extinguidor'),
  ('gas', 'gas', 'gas'),
  ('leak', 'leak', 'fuga, gotera'),
  ('alarm', 'alarm', 'alarma'),
  ('power', 'power, electricity, outage, blackout, lights out', 'luz, electricidad, apagón, corriente'),
  ('turn on', 'turn on, switch on, light', 'prender, encender'),
  ('turn off', 'turn off, shut off, switch off, kill', 'apagar, cerrar'),
  ('slip', 'slip, fall, fell, trip', 'resbalar, caer, caída, tropezar'),
  ('wet', 'wet, wet floor', 'mojado, húmedo'),
  ('spill', 'spill, spilled', 'derrame, derramar, tirar'),
  ('injury', 'injury, injured, hurt, accident', 'lesión, lastimar, accidente, herir'),
  ('emergency', 'emergency', 'emergencia'),
  ('ambulance', 'ambulance, nine one one', 'ambulancia'),
  ('defibrillator', 'defibrillator, aed', 'desfibrilador'),
  ('inspector', 'inspector, inspection, health department', 'inspector, inspección, salubridad'),
  ('poison', 'poison', 'veneno, intoxicar'),
  ('lift', 'lift, carry, heavy', 'levantar, cargar, pesado'),
  ('back', 'back', 'espalda'),
  ('ladder', 'ladder, climb', 'escalera, subir'),
  ('sharp', 'sharp, sharpen', 'afilar, filo, afilado'),
  ('broken', 'broken, broke, busted', 'roto, romper, descompuesto'),
  ('glass', 'glass', 'vidrio, vaso, cristal'),
  ('lock', 'lock, padlock', 'candado, cerradura'),
  ('key', 'key', 'llave'),
  ('door', 'door', 'puerta'),
  ('locked in', 'locked in, trapped, stuck', 'encerrado, atrapado'),
  ('open', 'open, opening, opener', 'abrir, apertura'),
  ('close', 'close, closing, closer, close out', 'cerrar, cierre'),
  ('robbery', 'robbery, robbed, break-in, forced', 'robo, asalto, forzado'),
  ('locker', 'locker', 'casillero, locker'),
  ('lost', 'lost, found, lost and found', 'perdido, encontrado, objetos perdidos'),
  ('parking', 'parking, park, car', 'estacionamiento, estacionar, carro, coche, auto'),
  ('bike', 'bike, bicycle', 'bicicleta, bici'),
  ('dog', 'dog, service dog, service animal', 'perro, animal de servicio, perro guía'),
  ('camera', 'camera', 'cámara'),
  ('music', 'music', 'música'),
  ('line', 'line, station, post', 'línea, estación'),
  ('line check', 'line check, walk through', 'revisión de línea, line check'),
  ('prep', 'prep, prepare, mise, mise en place', 'preparar, preparación, mise en place'),
  ('table', 'table', 'mesa'),
  ('kitchen', 'kitchen, back of house, BOH', 'cocina, back of house'),
  ('dining room', 'dining room, front of house, FOH, floor', 'comedor, salón, piso'),
  ('window', 'window, pass, expo', 'ventana, pase, ventanilla'),
  ('ticket', 'ticket, chit', 'comanda, ticket, nota'),
  ('menu', 'menu', 'carta, menú'),
  ('takeout', 'takeout, to go, takeaway, togo', 'para llevar'),
  ('86', '86, 86''d, eighty-six, eighty six, out of, sold out, ran out', '86, ochenta y seis, se acabó, agotado'),
  ('remake', 'remake, send back, comp', 'rehacer, devolver'),
  ('behind', 'behind, corner, blind corner', 'atrás, esquina'),
  ('garde manger', 'garde manger, pantry station, cold station', 'garde manger, estación fría'),
  ('in the weeds', 'in the weeds, slammed, busy', 'atareado, lleno'),
  ('day', 'day', 'día'),
  ('daily', 'daily, every day', 'diario, diariamente, cada día'),
  ('hour', 'hour', 'hora'),
  ('minute', 'minute', 'minuto'),
  ('second', 'second', 'segundo'),
  ('week', 'week, weekly', 'semana, semanal'),
  ('month', 'month, monthly', 'mes, mensual'),
  ('year', 'year', 'año'),
  ('night', 'night, overnight', 'noche, toda la noche'),
  ('morning', 'morning', 'mañana'),
  ('afternoon', 'afternoon', 'tarde'),
  ('yesterday', 'yesterday, day before', 'ayer, día anterior'),
  ('today', 'today', 'hoy'),
  ('tomorrow', 'tomorrow', 'mañana'),
  ('weekend', 'weekend', 'fin de semana'),
  ('monday', 'monday', 'lunes'),
  ('tuesday', 'tuesday', 'martes'),
  ('wednesday', 'wednesday', 'miércoles'),
  ('thursday', 'thursday', 'jueves'),
  ('friday', 'friday', 'viernes'),
  ('saturday', 'saturday', 'sábado'),
  ('sunday', 'sunday', 'domingo'),
  ('school', 'school, school night', 'escuela, clases'),
  ('change', 'change, replace, refill, top off', 'cambiar, reemplazar, rellenar'),
  ('check', 'check, verify, test', 'revisar, verificar, comprobar'),
  ('touch', 'touch, handle, bare hands', 'tocar, manejar'),
  ('safe', 'safe', 'seguro, segura'),
  ('serve', 'serve, serving', 'servir'),
  ('cover', 'cover, lid, wrap', 'cubrir, tapar, tapa, envolver'),
  ('stir', 'stir, mix, combine', 'mezclar, revolver, menear'),
  ('grind', 'grind, mill', 'moler, molino'),
  ('soak', 'soak', 'remojar, remojo'),
  ('peel', 'peel', 'pelar'),
  ('chop', 'chop, dice', 'picar, picado'),
  ('weigh', 'weigh, weight, ounce, pound', 'pesar, peso, onza, libra'),
  ('gallon', 'gallon, liter, quart', 'galón, litro, cuarto'),
  ('size', 'size, big, large, small', 'tamaño, grande, chico'),
  ('depth', 'depth, deep, inch', 'profundidad, hondo, pulgada'),
  ('top', 'top, above, over, upper', 'arriba, encima, superior'),
  ('bottom', 'bottom, below, under, beneath', 'abajo, debajo, inferior'),
  ('front', 'front', 'frente, adelante'),
  ('side', 'side, next to', 'lado, junto'),
  ('far', 'far, away, distance', 'lejos, distancia'),
  ('alone', 'alone, by myself', 'solo'),
  ('write', 'write, log, record, sign', 'escribir, anotar, registrar, registro, firmar'),
  ('sign off', 'sign off, initial', 'firmar, autorizar'),
  ('permission', 'permission, approve, approval, okay', 'permiso, aprobar, autorizar'),
  ('form', 'form, paperwork', 'formulario, papel'),
  ('sign', 'sign, notice', 'letrero, aviso'),
  ('color', 'color', 'color'),
  ('blue', 'blue', 'azul'),
  ('red', 'red', 'rojo'),
  ('green', 'green', 'verde'),
  ('yellow', 'yellow', 'amarillo'),
  ('white', 'white', 'blanco'),
  ('black', 'black', 'negro'),
  ('brown', 'brown', 'café, marrón, pardo'),
  ('star', 'star, asterisk', 'estrella, asterisco'),
  ('copper', 'copper', 'cobre'),
  ('metal', 'metal, steel, aluminum', 'metal, acero, aluminio'),
  ('plastic', 'plastic', 'plástico'),
  ('wood', 'wood, wooden', 'madera'),
  ('paper', 'paper', 'papel'),
  ('stone', 'stone', 'piedra'),
  ('tank', 'tank', 'tanque, tinaco, pecera'),
  ('roof', 'roof', 'techo, azotea'),
  ('truck', 'truck, food truck', 'camión, troca, camioneta'),
  ('driver', 'driver', 'chofer, conductor, repartidor'),
  ('lime (2)', 'lime, cal, calcium', 'cal'),
  ('hot sauce', 'hot sauce, spicy, mild, heat level', 'picante, picoso, salsa picante'),
  ('bad', 'bad, off', 'malo, pasado'),
  ('fresh', 'fresh', 'fresco'),
  ('ripe', 'ripe', 'maduro'),
  ('quick', 'quick, fast, right away', 'rápido, enseguida, luego luego'),
  ('wait', 'wait, rest', 'esperar, reposar, dejar'),
  ('start', 'start, begin', 'empezar, comenzar, iniciar'),
  ('finish', 'finish, end', 'terminar, acabar'),
  ('half', 'half', 'mitad, medio'),
  ('double', 'double, twice', 'doble'),
  ('once', 'once', 'una vez'),
  ('batch', 'batch, load, round', 'tanda, lote, vuelta'),
  ('tap', 'tap, faucet', 'llave, grifo'),
  ('counter', 'counter, bar top', 'mostrador, barra'),
  ('burst', 'burst, splash, splashed', 'salpicar, brincar'),
  ('taste (2)', 'taste, flavor', 'sabor'),
  ('empty', 'empty, drain out', 'vaciar, vacío'),
  ('reading', 'reading, reads, shows, showing, dial, says', 'marcar, marca, lectura, indicar'),
  ('bring', 'bring, brings', 'traer'),
  ('stay', 'stay, sit out, leave out', 'quedarse, dejar fuera'),
  ('come in', 'come in, arrive, get here, show up, roll in', 'llegar, entrar'),
  ('leave', 'leave, head out, quit', 'salir, irse, renunciar'),
  ('own', 'own, personal', 'propio, personal'),
  ('send', 'send, deliver', 'mandar, enviar'),
  ('group', 'group, party', 'grupo'),
  ('guy', 'guy, man, lady, woman', 'señor, señora, muchacho, chavo'),
  ('kid', 'kid, boy, girl, youngster', 'muchacho, chavo, joven'),
  ('share', 'share, cut, split', 'repartir, parte'),
  ('mash', 'mash, mashed potatoes', 'puré, puré de papa'),
  ('rib roast', 'rib roast, brisket, joint', 'asado, costillar'),
  ('cream cheese', 'cream cheese', 'queso crema'),
  ('breathe', 'breathe, talk, speak', 'respirar, hablar'),
  ('swallow', 'swallow, ingest, drank', 'tragar, ingerir, tomar'),
  ('cloth', 'cloth, linen', 'mantel, tela'),
  ('oven mitt', 'oven mitt, pot holder', 'guante de horno, agarrador'),
  ('inside', 'inside', 'adentro, dentro'),
  ('outside', 'outside, back door', 'afuera, puerta de atrás'),
  ('chef''s coat', 'chef''s coat', 'filipina'),
  ('order of shelves', 'order of shelves, stacking', 'acomodar, orden'),
  ('put', 'put, place, goes', 'poner, colocar, va'),
  ('run', 'run, cycle', 'ciclo, vuelta'),
  ('detergent', 'detergent, suds', 'jabón, espuma'),
  ('tongs', 'tongs, utensil, fork, spoon', 'pinzas, utensilio, tenedor, cuchara'),
  ('straw', 'straw', 'popote'),
  ('personal drink', 'personal drink, energy drink, cup', 'bebida, vaso, termo'),
  ('yesterday''s', 'yesterday''s, old', 'ayer, viejo'),
  ('call', 'call, phone call, text, message, chat', 'llamar, llamada, mensaje, chat')
  -- words end
),
terms as (
  select distinct s.concept, l.language, btrim(t.term) as term
  from said s
  cross join lateral (values ('en', s.english), ('es', s.spanish)) l (language, list)
  cross join lateral unnest(string_to_array(l.list, ',')) t (term)
)
insert into private.default_terms (concept, language, term, lexemes)
select t.concept, t.language, t.term, private.term_lexemes(t.term, t.language)
from terms t;

-- Meanings for the voice: kitchen words that mean something else outside a kitchen.
update private.default_terms d set means = told.means
from (values
  ('en', '86''d', 'sold out or not to be sold any more'),
  ('en', '86', 'sold out, or to stop selling something'),
  ('en', 'walk-in', 'the walk-in cooler'),
  ('en', 'reach-in', 'an upright refrigerator at a station'),
  ('en', 'low-boy', 'a refrigerator under the counter'),
  ('en', 'hot box', 'a heated holding cabinet'),
  ('en', 'steam table', 'the heated table that holds food hot'),
  ('en', 'flat top', 'the griddle'),
  ('en', 'in the weeds', 'too busy to keep up'),
  ('en', 'slammed', 'very busy'),
  ('en', 'BOH', 'back of house: the kitchen'),
  ('en', 'FOH', 'front of house: the dining room'),
  ('en', 'expo', 'the person or place that sends plates out'),
  ('en', 'dish pit', 'the dishwashing station'),
  ('en', 'garde manger', 'the cold station'),
  ('en', 'mise', 'mise en place: what is prepared before service'),
  ('en', 'line check', 'the check of every station before service'),
  ('en', 'quat', 'quaternary sanitizer'),
  ('en', 'lexan', 'a plastic food container'),
  ('en', 'fifo', 'first in, first out: the oldest is used first'),
  ('en', 'MOD', 'manager on duty'),
  ('en', 'comp', 'to give without charge'),
  ('en', 'family meal', 'the staff meal'),
  ('en', 'breakdown', 'taking a station or a machine apart for cleaning'),
  ('en', 'guac', 'guacamole'),
  ('es', 'plancha', 'the flat-top griddle'),
  ('es', 'comal', 'the griddle for tortillas'),
  ('es', 'refri', 'refrigerador'),
  ('es', 'walk-in', 'la cámara fría'),
  ('es', 'hot box', 'el gabinete caliente'),
  ('es', 'troca', 'el camión'),
  ('es', 'lonche', 'el almuerzo'),
  ('es', 'feria', 'dinero'),
  ('es', 'lana', 'dinero'),
  ('es', 'checar', 'marcar la entrada o revisar'),
  ('es', 'blanquillo', 'huevo'),
  ('es', 'tinaco', 'el tanque de agua del techo'),
  ('es', 'cazo', 'la olla grande de cobre'),
  ('es', 'vitrolero', 'el recipiente grande de aguas frescas'),
  ('es', 'charola', 'bandeja'),
  ('es', 'abatidor', 'el enfriador rápido (blast chiller)'),
  ('es', 'tarja', 'fregadero'),
  ('es', 'trastes', 'platos y utensilios'),
  ('es', 'mandil', 'delantal'),
  ('es', 'luego luego', 'enseguida'),
  ('es', 'quincena', 'el pago de cada dos semanas')
) told (language, term, means)
where d.language = told.language and d.term = told.term;

create function private.copy_default_terms() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.handbook_terms (organisation_id, concept, language, term, means, lexemes)
    select o.id, d.concept, d.language, d.term, d.means, d.lexemes
    from made o
    cross join private.default_terms d;
  return null;
end
$$;
comment on function private.copy_default_terms is 'Copies the default terms to new organisations.';

create trigger copy_default_terms
  after insert on public.organisations
  referencing new table as made
  for each statement execute function private.copy_default_terms();

-- Words of each section.

create table private.section_words (
  section_id uuid not null references public.manual_sections (id) on delete cascade,
  language text not null check (language in ('en', 'es')),
  is_only_language boolean not null,
  organisation_id uuid not null,
  group_id uuid,
  passages integer not null,
  words tsvector not null,
  primary key (section_id, language)
) with (toast_tuple_target = 128);
alter table private.section_words alter column words set storage external;
-- No pending list (fastupdate): every search would read it until a vacuum, and the embedded Postgres runs none.
create index section_words_words on private.section_words using gin (words) with (fastupdate = off);
create index section_words_owner on private.section_words (organisation_id, group_id) include (language, is_only_language, passages);
comment on table private.section_words is
  'The words of each published section, to find the sections of a word and how rare it is.
  Rows are narrow, and words are stored outside: a search reads the owners of many rows and the words of few.';
comment on column private.section_words.is_only_language is 'The section has no published text in the other language.';
comment on column private.section_words.passages is 'Published passages of the section in this language.';
comment on column private.section_words.words is
  'Each word behind private.owner_language_prefix. A GIN index without it would read the rows of all other handbooks.';
alter table private.section_words enable row level security;

create function private.owner_language_prefix(_owner_id uuid, _language text) returns text
language sql immutable set search_path = ''
return right(_owner_id::text, 8) || right(_language, 1);
comment on function private.owner_language_prefix is
  'Owner (the restaurant, or the brand) and language of a word. It only narrows a scan; the columns of the row decide.';

create function private.sync_section_words() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  -- A longer word is no word, and GIN takes at most 2,046 bytes with the mark.
  _longest_bytes constant integer := 200;
  _section_ids uuid[] := '{}';
begin
  if tg_op <> 'INSERT' then
    _section_ids := array(select distinct o.section_id from old_passages o where o.is_published);
  end if;
  if tg_op <> 'DELETE' then
    _section_ids := _section_ids || array(select distinct n.section_id from new_passages n where n.is_published);
  end if;
  if _section_ids = '{}' then
    return null;
  end if;
  delete from private.section_words w where w.section_id = any (_section_ids);
  insert into private.section_words (section_id, language, is_only_language, organisation_id, group_id, passages, words)
    select p.section_id, p.language, count(*) over (partition by p.section_id) = 1, p.organisation_id, p.group_id,
      count(distinct p.id)::integer,
      array_to_tsvector(array_agg(distinct private.owner_language_prefix(coalesce(p.group_id, p.organisation_id), p.language) || l.lexeme))
    from public.manual_passages p
    cross join lateral unnest(tsvector_to_array(p.fts)) l (lexeme)
    where p.section_id = any (_section_ids) and p.is_published and octet_length(l.lexeme) <= _longest_bytes
    group by p.section_id, p.language, p.organisation_id, p.group_id;
  return null;
end
$$;
comment on function private.sync_section_words is 'Keeps private.section_words equal to the published passages.';

create trigger sync_words_after_insert after insert on public.manual_passages
  referencing new table as new_passages
  for each statement execute function private.sync_section_words();
create trigger sync_words_after_update after update on public.manual_passages
  referencing old table as old_passages new table as new_passages
  for each statement execute function private.sync_section_words();
create trigger sync_words_after_delete after delete on public.manual_passages
  referencing old table as old_passages
  for each statement execute function private.sync_section_words();

revoke execute on all functions in schema private from public;
